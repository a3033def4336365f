namespace DigestStore;

/// <summary>What became of one change of a day's delivery.</summary>
public sealed record DeliveryChange
{
    /// <summary>What became of it.</summary>
    public required DeliveryChangeOutcome Outcome { get; init; }

    /// <summary>Whether the change is recorded.</summary>
    public bool IsRecorded => Outcome == DeliveryChangeOutcome.Recorded;

    /// <summary>The status of the day now, where it is known.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public DeliveryStatus? Status { get; init; }

    /// <summary>Who holds the lease, or held it last.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public string? Owner { get; init; }

    /// <summary>Until when the lease lasts, by the clock of its holder.</summary>
    /// <value>Default <see langword="null"/>: nobody holds it, or it is not known.</value>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>The places of the items that cannot be remembered as sent, because their URL is missing or invalid.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyList<int> InvalidUrls { get; init; } = [];

    /// <summary>Whether the dead-letter sink has taken what could not be recorded.</summary>
    public bool IsDeadLettered { get; init; }

    /// <summary>Why the change is not recorded, where that is a fault of the table.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public Exception? Error { get; init; }
}
