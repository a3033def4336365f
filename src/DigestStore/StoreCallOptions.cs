using DigestStore.Telemetry;

namespace DigestStore;

/// <summary>Settings of one call of <see cref="IDigestRepository"/>'s store methods.</summary>
/// <remarks>A value that cannot be used is refused when it is set, so that storing itself never throws for one.</remarks>
public sealed record StoreCallOptions
{
    private const int MaxQuotedLength = 32;

    /// <summary>Ties this call to the caller's other work in logs and in the day's header.</summary>
    /// <value>
    /// Default <see langword="null"/>: the trace id of the current <see cref="System.Diagnostics.Activity"/>, or else a random id.
    /// At most 128 characters; whatever is not printable ASCII becomes a space.
    /// </value>
    /// <exception cref="ArgumentException">It is longer than 128 characters.</exception>
    public string? CorrelationId { get; init => field = WithinMaxLength(value, nameof(CorrelationId)); }

    /// <summary>The name of the caller in the log.</summary>
    /// <value>Default <see langword="null"/>: <see cref="DigestStoreOptions.Caller"/>. At most 128 characters; whatever is not printable ASCII becomes a space.</value>
    /// <exception cref="ArgumentException">It is longer than 128 characters.</exception>
    public string? Caller { get; init => field = WithinMaxLength(value, nameof(Caller)); }

    /// <summary>The longest that this call may take; for a stream, the longest time without progress.</summary>
    /// <value>Default <see langword="null"/>: <see cref="DigestStoreOptions.Deadline"/>. With zero, the time is over before the call begins.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, such as <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public TimeSpan? Deadline
    {
        get;
        init => field = value is null || value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(
            nameof(value), $"{nameof(StoreCallOptions)}.{nameof(Deadline)} is '{value}', but must not be negative. Leave it out for the deadline of the options, or set the longest time that the call may take.");
    }

    /// <summary>Receives a report whenever a group of items has got its outcomes.</summary>
    /// <value>Default <see langword="null"/>. What it throws is caught and does not harm the call.</value>
    public IProgress<StoreProgress>? Progress { get; init; }

    // The message shows only the beginning of the value, because messages are often logged.
    private static string? WithinMaxLength(string? value, string property) => value is null or { Length: <= CallNames.MaxLength } ? value : throw new ArgumentException(
        $"{nameof(StoreCallOptions)}.{property} is '{CallNames.Clean(value[..MaxQuotedLength])}…', which has {value.Length} characters, but must have at most {CallNames.MaxLength}. Shorten it.",
        nameof(value));
}
