using DigestStore.Records;

namespace DigestStore.Delivery;

// What a sender asks for. The token is the same in every attempt of one delivery, so that an acquisition whose answer was lost is recognised
// as its own.
internal sealed record LeaseRequest(string Token, string Owner, string MessageId, TimeSpan Duration, TimeSpan Allowance, int MaxAttempts)
{
    public static LeaseRequest Of(DeliveryOptions options, Partition partition) => new(
        DeliveryRules.NewToken(), options.Owner, options.MessageId ?? DeliveryRules.DefaultMessageId(partition), options.LeaseDuration, options.ClockSkewAllowance, options.MaxAttempts);

    // Of a lease that was not granted because the table did not answer.
    public static LeaseRequest Of(DeliveryLease lease, int maxAttempts) => new(
        lease.Token, lease.Options?.Owner ?? DeliveryRules.DefaultOwner, lease.MessageId, lease.Duration, lease.ClockSkewAllowance, maxAttempts);

    // A lease counts as live for others until it has ended by every clock that agrees within the allowance.
    public bool IsLive(DateTimeOffset leaseUntil, DateTimeOffset now) => leaseUntil.ToUnixTimeMilliseconds() >= EndedBefore(now);

    public long EndedBefore(DateTimeOffset now) => (now - Allowance).ToUnixTimeMilliseconds();
}
