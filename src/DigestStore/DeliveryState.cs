namespace DigestStore;

/// <summary>What is recorded about the email of a day.</summary>
public sealed record DeliveryState
{
    /// <summary>The day of the digest.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>What has become of the email.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>How many attempts were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>The fence of the last lease.</summary>
    /// <value>Default 0: there was none.</value>
    public long Fence { get; init; }

    /// <summary>Who holds the lease, or held it last.</summary>
    /// <value>Default <see langword="null"/>: nobody.</value>
    public string? Owner { get; init; }

    /// <summary>Until when the lease lasts, by the clock of its holder.</summary>
    /// <value>Default <see langword="null"/>: nobody holds it.</value>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Whether a lease ended more than 30 s ago, the default allowance for clocks, though its holder never said what became of the email; it was probably killed.</summary>
    public bool IsLeaseOverdue { get; init; }

    /// <summary>The id of the message.</summary>
    /// <value>Default <see langword="null"/>: no attempt may have been accepted.</value>
    public string? MessageId { get; init; }

    /// <summary>When the email was sent.</summary>
    /// <value>Default <see langword="null"/>: it was not, or that is not recorded.</value>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>How many items the email contained.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public int? SentCount { get; init; }

    /// <summary>How many items were added to the day after its email was sent.</summary>
    /// <value>Default 0.</value>
    public long ItemsAfterDelivery { get; init; }

    /// <summary>How far the last attempt has come, in its own words.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public string? Checkpoint { get; init; }

    /// <summary>When an attempt last failed.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>The last failure. Its kind is <see cref="DeliveryFailureKind.Uncertain"/> as long as any attempt may have been accepted.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public DeliveryFailure? LastFailure { get; init; }
}
