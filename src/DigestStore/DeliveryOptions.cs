using DigestStore.Delivery;

namespace DigestStore;

/// <summary>Settings of one delivery.</summary>
/// <remarks>They are checked when the delivery begins, before anything is asked or sent.</remarks>
public sealed record DeliveryOptions
{
    /// <summary>How long a lease lasts unless it is renewed. Others can take the day over when it has ended.</summary>
    /// <value>Default 5 minutes. 1 second to 1 day, and at least four times <see cref="ClockSkewAllowance"/>.</value>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>By how much the clocks of two senders may differ. A lease counts as ended so much later for others, and so much earlier for its holder.</summary>
    /// <value>Default 30 seconds. Not negative. If clocks differ by more, the records stay right, but a second email is possible.</value>
    public TimeSpan ClockSkewAllowance { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="IDigestDelivery.DeliverAsync"/> lets its delegate send.</summary>
    /// <value>Default 10 minutes. More than zero and at most 1 day. Then the delegate's token fires, and the lease is renewed no more.</value>
    public TimeSpan MaxSendDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many attempts a day gets before it is given up.</summary>
    /// <value>Default 5. 1 to 1,000. An operator can allow as many again by <see cref="IDigestDelivery.ResolveAsync"/>.</value>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Who holds the lease, for others to see.</summary>
    /// <value>Default: the name of the machine and the id of the process. 1 to 64 bytes in UTF-8, printable ASCII.</value>
    public string Owner { get; init; } = DeliveryRules.DefaultOwner;

    /// <summary>The id of the message, which every attempt of the day is given.</summary>
    /// <value>
    /// Default <see langword="null"/>: an id that is derived from the table, the digest and the date, so that all senders of a day have the same. It has the form of
    /// the left part of a Message-ID: put it before an <c>@</c> and the name of a host. 1 to 128 bytes in UTF-8, printable ASCII without spaces and angle brackets.
    /// </value>
    public string? MessageId { get; init; }

    /// <summary>What to do when an earlier attempt may have been accepted by the mail server.</summary>
    /// <value>Default <see cref="UncertainAttempt.Resend"/>.</value>
    public UncertainAttempt OnUncertain { get; init; } = UncertainAttempt.Resend;

    /// <summary>How long to wait for a sender that holds the lease of the day.</summary>
    /// <value>Default zero: not at all. At most 1 day.</value>
    public TimeSpan WaitForHolder { get; init; }

    /// <summary>The name of the caller in the log and the audit.</summary>
    /// <value>Default <see langword="null"/>: <see cref="DigestStoreOptions.Caller"/>. At most 128 characters; whatever is not printable ASCII becomes a space.</value>
    public string? Caller { get; init; }

    /// <summary>Ties this delivery to the caller's other work in logs, audit and traces.</summary>
    /// <value>Default <see langword="null"/>: the trace id of the current <see cref="System.Diagnostics.Activity"/>, or else a random id. At most 128 characters; whatever is not printable ASCII becomes a space.</value>
    public string? CorrelationId { get; init; }
}
