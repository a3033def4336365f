namespace DigestStore;

/// <summary>What the header of a day says: when it was stored, and what became of its email.</summary>
public sealed record DigestDay
{
    /// <summary>The day.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>What became of the email.</summary>
    /// <value><see langword="null"/> when a newer version of the library wrote the header. Nothing but the date can be read of it then.</value>
    public required DeliveryStatus? Status { get; init; }

    /// <summary>What became of the last store that wrote the header.</summary>
    /// <value>Default <see langword="null"/>: no store has written it. Else <see cref="StoreStatus.Stored"/> or <see cref="StoreStatus.PartiallyStored"/>.</value>
    public StoreStatus? LastStoreStatus { get; init; }

    /// <summary>When that store ended, in UTC.</summary>
    /// <value>Default <see langword="null"/>: no store has written the header.</value>
    public DateTimeOffset? StoredAt { get; init; }

    /// <summary>How many stores have written the header.</summary>
    /// <value>Default 0. It can be too high.</value>
    public long Runs { get; init; }

    /// <summary>How many items stores have inserted. Items that were deleted one by one are counted too.</summary>
    /// <value>Default 0. It can be too high.</value>
    public long ItemsInserted { get; init; }

    /// <summary>How many of them came after the email was sent.</summary>
    /// <value>Default 0, also for a day that was not sent.</value>
    public long ItemsAfterDelivery { get; init; }

    /// <summary>How often somebody has begun to send the day.</summary>
    /// <value>Default 0.</value>
    public int DeliveryAttempts { get; init; }

    /// <summary>When the email was sent, in UTC.</summary>
    /// <value>Default <see langword="null"/>: it was not, or nobody knows.</value>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>The id of the email.</summary>
    /// <value>Default <see langword="null"/>: nobody has begun to send it, or it is known that it was not sent.</value>
    public string? MessageId { get; init; }

    /// <summary>How many items the email had.</summary>
    /// <value>Default <see langword="null"/>: it is not known.</value>
    public int? SentCount { get; init; }

    /// <summary>Who sends or deletes the day.</summary>
    /// <value>Default <see langword="null"/>: nobody does.</value>
    public string? HeldBy { get; init; }

    /// <summary>Until when, in UTC, unless the holder goes on. A time in the past: the holder has ended without a word.</summary>
    /// <value>Default <see langword="null"/>: nobody sends or deletes the day.</value>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When the last attempt to send the day failed, in UTC.</summary>
    /// <value>Default <see langword="null"/>: none has failed.</value>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why it failed: the kind of the failure, a colon, and the sender's words.</summary>
    /// <value>Default <see langword="null"/>: no attempt has failed.</value>
    public string? LastError { get; init; }

    /// <summary>When the day stops being returned; DynamoDB removes it some days later.</summary>
    /// <value>Default <see langword="null"/>: never. Whole seconds.</value>
    public DateTimeOffset? ExpiresAt { get; init; }
}
