namespace DigestStore;

/// <summary>What became of the email of a day, and what of it is recorded.</summary>
public sealed record DeliveryResult
{
    /// <summary>The day of the digest.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>What became of the email.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>Whether the email has been sent, by this call or before it.</summary>
    public bool IsDelivered => Outcome is DeliveryOutcome.Delivered or DeliveryOutcome.DeliveredUnrecorded or DeliveryOutcome.AlreadyDelivered;

    /// <summary>Whether the lease was granted, or why not.</summary>
    public DeliveryLeaseOutcome LeaseOutcome { get; init; }

    /// <summary>Whether the delegate was called, so that this call may have sent the email.</summary>
    public bool WasAttempted { get; init; }

    /// <summary>Which attempt of the day this was, from 1.</summary>
    /// <value>Default 0: there was none, or it was not protected.</value>
    public int Attempt { get; init; }

    /// <summary>The fence of the lease.</summary>
    /// <value>Default 0: no lease was granted.</value>
    public long Fence { get; init; }

    /// <summary>Whether an earlier attempt may have been accepted by the mail server.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>Whether it could not be read what earlier attempts announced, so that <see cref="IsRepeat"/> rests on the header of the day alone.</summary>
    public bool IsHistoryUnread { get; init; }

    /// <summary>Whether the end is recorded in the header of the day.</summary>
    public bool IsStatusRecorded { get; init; }

    /// <summary>Whether the items are recorded as sent, or as possibly sent.</summary>
    public bool AreItemsRecorded { get; init; }

    /// <summary>Whether the dead-letter sink has taken what could not be recorded.</summary>
    public bool IsDeadLettered { get; init; }

    /// <summary>The id of the message.</summary>
    /// <value>Default: empty.</value>
    public string MessageId { get; init; } = "";

    /// <summary>How many items the email contains.</summary>
    /// <value>Default <see langword="null"/>: this call has not sent it.</value>
    public int? SentCount { get; init; }

    /// <summary>When the email was sent, if that is known.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Who holds the lease instead, or sent the email.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public string? Owner { get; init; }

    /// <summary>When it may be tried again, at the latest, if another holds the lease.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The places of the items that cannot be remembered as sent, because their URL is missing or invalid.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyList<int> InvalidUrls { get; init; } = [];

    /// <summary>What the delegate threw, or why the table could not be asked or told.</summary>
    /// <value>Default <see langword="null"/>.</value>
    public Exception? Error { get; init; }

    /// <summary>How many requests were sent to DynamoDB, repeated ones included.</summary>
    public int Requests { get; init; }

    /// <summary>How many of the requests repeated an earlier one.</summary>
    public int Retries { get; init; }

    /// <summary>How long the call took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The id that ties this call to logs, audit and traces.</summary>
    /// <value>Default: empty.</value>
    public string CorrelationId { get; init; } = "";

    /// <summary>Throws unless the email has been sent.</summary>
    /// <exception cref="DeliveryFailedException"><see cref="IsDelivered"/> is <see langword="false"/>. Its kind says whether trying again can help.</exception>
    public void EnsureDelivered()
    {
        if (!IsDelivered)
        {
            throw new DeliveryFailedException(KindOf(Outcome), ToString(), Error) { Result = this };
        }
    }

    /// <summary>The outcome in one line without content.</summary>
    /// <returns>For example <c>Delivered: digest of 2026-11-21, attempt 1.</c></returns>
    public override string ToString()
    {
        string attempt = Attempt > 0 ? System.FormattableString.Invariant($", attempt {Attempt}") : "";
        string repeat = IsRepeat ? ", which repeats one that may have been accepted" : "";
        string unprotected = WasAttempted && LeaseOutcome != DeliveryLeaseOutcome.Granted ? ", without a lease" : "";
        string owner = Owner is null ? "" : $", owner {Owner}";
        return System.FormattableString.Invariant($"{Outcome}: digest of {Date:yyyy-MM-dd}{attempt}{repeat}{unprotected}{owner}.");
    }

    private static DeliveryFailureKind KindOf(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.HeldByAnother or DeliveryOutcome.Failed => DeliveryFailureKind.Retry,
        DeliveryOutcome.GaveUp or DeliveryOutcome.Deleted or DeliveryOutcome.Abandoned => DeliveryFailureKind.Permanent,
        DeliveryOutcome.Uncertain or DeliveryOutcome.Skipped or DeliveryOutcome.Delivered or DeliveryOutcome.DeliveredUnrecorded or DeliveryOutcome.AlreadyDelivered => DeliveryFailureKind.Uncertain,
    };
}
