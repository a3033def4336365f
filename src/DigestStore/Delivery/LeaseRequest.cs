using DigestStore.Records;

namespace DigestStore.Delivery;

// What a sender asks for. The token is the same in every attempt of one delivery, so that an acquisition whose answer was lost is recognised
// as its own.
internal sealed record LeaseRequest(string Token, string Owner, string MessageId, TimeSpan Duration, TimeSpan Allowance, int MaxAttempts)
{
    // The email was sent, or it is known that it was not, and only the end is to be recorded. So a token of its own is recognised whatever became
    // of the day since. Before the email, only a lease counts that nobody has ended.
    public bool IsForEnd { get; init; }

    // When the email was sent, if that may be long ago. A day that was deleted since then is not the one that was sent. Null for an email of now.
    public DateTimeOffset? SentAt { get; init; }

    public static LeaseRequest Of(DeliveryOptions options, Partition partition) => new(
        DeliveryRules.NewToken(), options.Owner, options.MessageId ?? DeliveryRules.DefaultMessageId(partition), options.LeaseDuration, options.ClockSkewAllowance, options.MaxAttempts);

    // Of a lease that was not granted because the table did not answer.
    public static LeaseRequest Of(DeliveryLease lease) => new(
        lease.Token, lease.Options?.Owner ?? DeliveryRules.DefaultOwner, lease.MessageId, lease.Duration, lease.ClockSkewAllowance, lease.MaxAttempts);

    // The email may have gone out, so no number of attempts is a reason not to record its end.
    public LeaseRequest ForEnd() => this with { MaxAttempts = int.MaxValue, IsForEnd = true };

    // A lease counts as live for others until it has ended by every clock that agrees within the allowance.
    public bool IsLive(DateTimeOffset leaseUntil, DateTimeOffset now) => leaseUntil.ToUnixTimeMilliseconds() >= EndedBefore(now);

    public long EndedBefore(DateTimeOffset now) => (now - Allowance).ToUnixTimeMilliseconds();
}
