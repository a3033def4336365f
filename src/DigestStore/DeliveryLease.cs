using DigestStore.Manifests;

namespace DigestStore;

/// <summary>The right to send the email of a day, or why it was not granted.</summary>
/// <remarks>A process that ends one step and begins the next in another one can keep <see cref="Date"/>, <see cref="Outcome"/>, <see cref="Token"/>, <see cref="Fence"/>, <see cref="MessageId"/>, <see cref="IsRepeat"/>, <see cref="MaxAttempts"/> and the two durations, and make the lease anew.</remarks>
public sealed record DeliveryLease
{
    /// <summary>The day of the digest.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Whether the lease was granted, or why not.</summary>
    public required DeliveryLeaseOutcome Outcome { get; init; }

    /// <summary>Whether the holder may send: the lease is granted, or nobody can be asked.</summary>
    public bool MaySend => OutcomeUnsent is null;

    /// <summary>What proves that the lease is this one.</summary>
    /// <value>Default: empty, for a lease that no sender may use.</value>
    public string Token { get; init; } = "";

    /// <summary>A number that is larger than that of every earlier lease of the day.</summary>
    /// <value>Default 0: the lease is not granted.</value>
    public long Fence { get; init; }

    /// <summary>Which attempt of the day this is, from 1.</summary>
    /// <value>Default 0: the lease is not granted.</value>
    public int Attempt { get; init; }

    /// <summary>Whether an earlier attempt may have been accepted by the mail server.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>Whether it could not be read what earlier attempts announced, so that <see cref="IsRepeat"/> rests on the header of the day alone.</summary>
    public bool IsHistoryUnread { get; init; }

    /// <summary>The id of the message. An attempt that may repeat another has the same.</summary>
    /// <value>Default: empty. Without <see cref="DeliveryOptions.MessageId"/> it is made from the table, the digest and the date, so that all attempts of a day have the same, also after one that is known to have failed.</value>
    public string MessageId { get; init; } = "";

    /// <summary>The ids of the items that may have been sent by earlier attempts.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyList<DigestItemId> PreviousItems { get; init; } = [];

    /// <summary>How far the attempt before had come, in its own words.</summary>
    /// <value>Default <see langword="null"/>: it has not said so.</value>
    public string? PreviousCheckpoint { get; init; }

    /// <summary>How long the lease lasts after it was acquired or renewed.</summary>
    /// <value>Default 5 minutes.</value>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>By how much clocks may differ. The holder should stop so much before the end of <see cref="Duration"/>.</summary>
    /// <value>Default 30 seconds.</value>
    public TimeSpan ClockSkewAllowance { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many attempts the day gets. It matters if the lease is <see cref="DeliveryLeaseOutcome.Unprotected"/>, and asked for once more.</summary>
    /// <value>Default 5.</value>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Whether the holder before never said what became of the email, and its lease had ended. It was probably killed.</summary>
    public bool IsTakeover { get; init; }

    /// <summary>Who holds the lease instead, or sent the email.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public string? Owner { get; init; }

    /// <summary>When it may be tried again, at the latest, if another holds the lease.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When the email was sent, if it was.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Why the table could not be asked.</summary>
    /// <value>Default <see langword="null"/>: it was.</value>
    public Exception? Error { get; init; }

    /// <summary>The id that ties the lease to logs, audit and traces.</summary>
    /// <value>Default: empty.</value>
    public string CorrelationId { get; init; } = "";

    // What became of the delivery if the lease does not allow to send. Null if it does.
    internal DeliveryOutcome? OutcomeUnsent => Outcome switch
    {
        DeliveryLeaseOutcome.AlreadyDelivered => DeliveryOutcome.AlreadyDelivered,
        DeliveryLeaseOutcome.HeldByAnother => DeliveryOutcome.HeldByAnother,
        DeliveryLeaseOutcome.GaveUp => DeliveryOutcome.GaveUp,
        DeliveryLeaseOutcome.Deleted => DeliveryOutcome.Deleted,
        DeliveryLeaseOutcome.Granted or DeliveryLeaseOutcome.Unprotected or DeliveryLeaseOutcome.Disabled => null,
    };

    internal DeliveryOptions? Options { get; init; }

    // What earlier attempts announced, as it was read after the lease was granted.
    internal Manifest? Seen { get; init; }

    // The timestamp from which the holder counts the lease: before the first attempt of the request that acquired it.
    internal long BeganAt { get; init; }
}
