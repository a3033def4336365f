namespace DigestStore;

/// <summary>Says who sends the email of a day, and keeps what became of it.</summary>
/// <remarks>
/// <para>A digest is one message, and whoever holds the day's lease sends it. <see cref="DeliverAsync"/> is what most callers need; the other
/// methods are its single steps, for a sender that cannot be a delegate, and for operators.</para>
/// <para>The email is sent at least once and recorded once. Between the moment in which a mail server accepts a message and the moment in which
/// that is recorded, a process can be killed, and no storage can close that gap. The next sender is then told that it repeats an attempt, and
/// is given the same message id.</para>
/// <para>The email goes out whatever the database does: during an outage, and while the store is switched off, the sender is not protected
/// against a second one, but it is not held up either. No method but <see cref="GetDeliveryAsync"/> throws for the database.</para>
/// <para>The library's repositories implement it beside <see cref="IDigestRepository"/>. Implementations are safe for concurrent use.</para>
/// </remarks>
public interface IDigestDelivery
{
    /// <summary>Sends the email of a day, unless it was sent already or another sender is at it, and records what became of it.</summary>
    /// <remarks>
    /// It acquires the lease, records the items that are about to be sent, calls <paramref name="send"/>, renews the lease meanwhile, and records
    /// the end. The token of the delegate fires when <paramref name="cancellationToken"/> fires, when <see cref="DeliveryOptions.MaxSendDuration"/>
    /// is over, and shortly before the lease could be lost.
    /// </remarks>
    /// <param name="date">The day of the digest.</param>
    /// <param name="items">What the email contains. The links are remembered as sent on that day.</param>
    /// <param name="send">
    /// Sends the email. A receipt says that it was accepted. A <see cref="DeliveryFailedException"/> says what is known about a failure; after any
    /// other exception it is uncertain whether the email was accepted.
    /// </param>
    /// <param name="options">Settings of this delivery; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the delivery early.</param>
    /// <returns>What became of the email, and what of it is recorded.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> or <paramref name="send"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="options"/> are invalid; the message names value, rule and remedy.</exception>
    /// <exception cref="DeliveryFailedException">An earlier attempt may have been accepted, and <see cref="DeliveryOptions.OnUncertain"/> is <see cref="UncertainAttempt.Throw"/>.</exception>
    /// <exception cref="DigestStoreCanceledException"><paramref name="cancellationToken"/> fired; it carries the result.</exception>
    Task<DeliveryResult> DeliverAsync(
        DateOnly date, IReadOnlyCollection<DigestItem> items, Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>> send, DeliveryOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Acquires the lease of a day: the right to send its email.</summary>
    /// <param name="date">The day of the digest.</param>
    /// <param name="options">Settings of the lease; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early. A lease that was acquired all the same is given back within 2 seconds, or ends by itself.</param>
    /// <returns>The lease, or why it was not granted.</returns>
    /// <exception cref="ArgumentException"><paramref name="options"/> are invalid; the message names value, rule and remedy.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<DeliveryLease> AcquireAsync(DateOnly date, DeliveryOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Records which items are about to be sent, before they are. After <see cref="DeliveryChangeOutcome.TakenOver"/> or <see cref="DeliveryChangeOutcome.Refused"/> the email must not be sent.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="items">What the email contains.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>Whether it is recorded.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="lease"/> or <paramref name="items"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="lease"/> has no token.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<DeliveryChange> AnnounceAsync(DeliveryLease lease, IReadOnlyCollection<DigestItem> items, CancellationToken cancellationToken = default);

    /// <summary>Makes the lease last for its whole duration again, from now on.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="checkpoint">How far the sender has come, for the next one if this one ends without an end. At most 256 bytes in UTF-8; <see langword="null"/> leaves it as it is.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>Whether the lease was renewed. Without <see cref="DeliveryChangeOutcome.Recorded"/> it ends when it would have ended before.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="lease"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="lease"/> has no token, or <paramref name="checkpoint"/> is empty or too long.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<DeliveryChange> RenewAsync(DeliveryLease lease, string? checkpoint = null, CancellationToken cancellationToken = default);

    /// <summary>Records that the email was accepted. It is recorded also after the lease has ended, as long as no other sender has taken over.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="receipt">What the mail server said.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>Whether it is recorded. What is not goes to the dead-letter sink.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="lease"/> has no token.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<DeliveryChange> CompleteAsync(DeliveryLease lease, DeliveryReceipt receipt, CancellationToken cancellationToken = default);

    /// <summary>Records that the email was not accepted, or that nobody knows whether it was.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="failure">What is known.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>Whether it is recorded.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="lease"/> has no token.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<DeliveryChange> FailAsync(DeliveryLease lease, DeliveryFailure failure, CancellationToken cancellationToken = default);

    /// <summary>Reads what became of the email of a day.</summary>
    /// <param name="date">The day of the digest.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The state, or <see langword="null"/> when the day has no header.</returns>
    /// <exception cref="DigestStoreException">The table could not be asked, or a newer version of the library wrote the header.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<DeliveryState?> GetDeliveryAsync(DateOnly date, CancellationToken cancellationToken = default);

    /// <summary>Records what an operator has found out or decided about a day.</summary>
    /// <param name="date">The day of the digest.</param>
    /// <param name="resolution">The decision.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>Whether it is recorded. It is <see cref="DeliveryChangeOutcome.Refused"/> while a sender holds the lease, unless <see cref="DeliveryResolution.Force"/> is set and heeded, and where it does not fit the day's status.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="resolution"/> is <see langword="null"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<DeliveryChange> ResolveAsync(DateOnly date, DeliveryResolution resolution, CancellationToken cancellationToken = default);
}
