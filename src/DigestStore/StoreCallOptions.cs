namespace DigestStore;

/// <summary>Settings of one call of <see cref="IDigestRepository"/>'s store methods.</summary>
public sealed record StoreCallOptions
{
    /// <summary>Ties this call to the caller's other work in logs and in the day's header.</summary>
    /// <value>
    /// Default <see langword="null"/>: the trace id of the current <see cref="System.Diagnostics.Activity"/>, or else a random id.
    /// More than 128 characters are cut; whatever is not printable ASCII becomes a space.
    /// </value>
    public string? CorrelationId { get; init; }

    /// <summary>Who calls, for the log.</summary>
    /// <value>Default <see langword="null"/>: <see cref="DigestStoreOptions.Caller"/>.</value>
    public string? Caller { get; init; }

    /// <summary>The longest that this call may take; for a stream, the longest time without progress.</summary>
    /// <value>Default <see langword="null"/>: <see cref="DigestStoreOptions.Deadline"/>. Zero or less is treated as already over.</value>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Told after every group of items that is settled.</summary>
    /// <value>Default <see langword="null"/>. What it throws is caught and does not harm the store.</value>
    public IProgress<StoreProgress>? Progress { get; init; }
}
