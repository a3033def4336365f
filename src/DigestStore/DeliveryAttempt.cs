namespace DigestStore;

/// <summary>One attempt to send the email of a day, as it is handed to the delegate of <see cref="IDigestDelivery.DeliverAsync"/>.</summary>
public sealed record DeliveryAttempt
{
    /// <summary>The day of the digest.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The id of the message. Use it as the left part of the Message-ID and as the provider's idempotency key: an attempt that may repeat another has the same, and so has one after an attempt that is known to have failed, unless <see cref="DeliveryOptions.MessageId"/> differs.</summary>
    public required string MessageId { get; init; }

    /// <summary>Which attempt of the day this is, from 1.</summary>
    /// <value>Default 0: nobody knows, because the attempt is not protected.</value>
    public int Number { get; init; }

    /// <summary>A number that is larger than that of every earlier attempt of the day.</summary>
    /// <value>Default 0: the attempt is not protected.</value>
    public long Fence { get; init; }

    /// <summary>Whether an earlier attempt may have been accepted by the mail server.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>Whether a lease keeps others from sending at the same time.</summary>
    public bool IsProtected { get; init; }

    /// <summary>The ids of the items that may have been sent by earlier attempts. A provider that compares bodies needs the same items again.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyList<DigestItemId> PreviousItems { get; init; } = [];

    /// <summary>How far the attempt before had come, in its own words.</summary>
    /// <value>Default <see langword="null"/>: it has not said so.</value>
    public string? PreviousCheckpoint { get; init; }

    internal Func<string, CancellationToken, Task<DeliveryChange>>? Save { get; init; }

    /// <summary>Records how far the attempt has come, for the next one if this one ends without an end. It also renews the lease.</summary>
    /// <param name="checkpoint">Any text of 1 to 256 bytes in UTF-8.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>
    /// Whether it is recorded. An attempt that is not protected records nothing, and one that a test has made says that it did. When the delegate has
    /// ended, or was left because it did not heed its token, the answer is <see cref="DeliveryChangeOutcome.Refused"/>, and nothing is recorded.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="checkpoint"/> is missing, empty or too long.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public Task<DeliveryChange> SaveCheckpointAsync(string checkpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Delivery.DeliveryRules.CheckCheckpoint(checkpoint);
        return Save?.Invoke(checkpoint, cancellationToken) ?? Task.FromResult(new DeliveryChange { Outcome = DeliveryChangeOutcome.Recorded });
    }
}
