using DigestStore.Table;

namespace DigestStore.Manifests;

internal enum ManifestOutcome
{
    Applied,

    // A newer sender has written the manifest, or this attempt was confirmed before. Nothing was changed.
    Superseded,

    // There is no manifest of this attempt, so nothing was changed.
    Absent,

    // It is not known whether the manifest was changed, or it could not be. The fault says why.
    NotAnswered,
}

// The answer to a read or a change of a manifest.
internal sealed record ManifestReply(ManifestOutcome Outcome, Manifest? Manifest = null, TableFault? Fault = null)
{
    // The fault of a manifest that a newer version of the library wrote. It is neither interpreted nor overwritten.
    public static TableFault NewerSchema { get; } = new(FaultKind.Unexpected, "NewerSchema");

    // The operation of the request that has the fault. Empty without one.
    public string Operation { get; private init; } = "";

    public static ManifestReply Failed(TableFault fault, string operation) => new(ManifestOutcome.NotAnswered, Fault: fault) { Operation = operation };
}
