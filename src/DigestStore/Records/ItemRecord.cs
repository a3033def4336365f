using System.Diagnostics.CodeAnalysis;

namespace DigestStore.Records;

internal enum RecordState
{
    Readable,

    // Lacks what makes an item, or has it in another type.
    Damaged,

    // Written by a newer schema: never misread, never overwritten.
    Newer,
}

internal sealed class ItemRecord
{
    public required DigestItemId Id { get; init; }

    public required RecordState State { get; init; }

    public StoredDigestItem? Stored { get; init; }

    public string? ContentHash { get; init; }

    public UnknownAttributes? Unknown { get; init; }

    [MemberNotNullWhen(true, nameof(Stored))]
    public bool IsReadable => State == RecordState.Readable;

    public bool IsExpired(DateTimeOffset now) => Stored?.ExpiresAt <= now;
}

internal sealed class HeaderRecord
{
    public string? LastRunId { get; init; }

    public string? IdRules { get; init; }

    public int NextOrdinal { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool IsNewer { get; init; }

    // A header that only the delivery has written says nothing of ids, ordinals and expiry: for a store it is none. Of a newer schema
    // nobody can tell.
    public bool IsOfStore => IsNewer || IdRules is not null || LastRunId is not null;

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;
}
