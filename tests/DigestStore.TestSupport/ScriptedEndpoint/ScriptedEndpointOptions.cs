namespace DigestStore.TestSupport;

/// <summary>How a <see cref="ScriptedEndpoint"/> behaves when no rule applies.</summary>
public sealed class ScriptedEndpointOptions
{
    /// <value>The tables that exist; null (the default): every table that is named exists.</value>
    public IReadOnlyCollection<string>? Tables { get; init; }

    /// <value>Default <c>pk</c>, of type S.</value>
    public string PartitionKey { get; init; } = "pk";

    /// <value>Default <c>sk</c>, of type S.</value>
    public string SortKey { get; init; } = "sk";

    /// <value>Whether requests are kept with their bodies (default) or only counted, for runs of many thousands.</value>
    public bool KeepRequests { get; init; } = true;

    /// <value>The clock behind slow answers and <see cref="RecordedRequest.At"/>. Default: the real one.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
