using DigestStore.Records;

namespace DigestStore.Delivery;

// Why a lease was not granted at once.
internal enum Refusal
{
    // The record has the token of this request: an earlier attempt was applied, and its answer was lost.
    Own,
    Delivered,
    Deleted,
    Held,
    Abandoned,

    // The header has expired, but is still there. Nobody holds its lease.
    Expired,

    // All attempts are used up, and the last lease has ended.
    UsedUp,

    // A newer version of the library wrote the header, and its status does not say more.
    Newer,

    // The record does not say why. Somebody has changed it in between.
    Changed,
}

// Reads a refusal from the record for which the condition of the acquisition was false. The order matters: each answer holds only if those
// before it do not.
internal static class RefusalReader
{
    public static Refusal Read(DeliveryRecord? record, LeaseRequest lease, DateTimeOffset now)
    {
        if (record is null)
        {
            return Refusal.Changed;
        }

        bool isLive = record.LeaseUntil is { } until && lease.IsLive(until, now);
        if (record.IsNewer)
        {
            return OfNewer(record, isLive);
        }

        if (record.DeletedAt?.ToUnixTimeMilliseconds() >= lease.SentAt?.ToUnixTimeMilliseconds())
        {
            return Refusal.Deleted;
        }

        // An operator may have ended the lease since. That does not matter to an email that has gone out, and forbids one that has not.
        if (string.Equals(record.LeaseToken, lease.Token, StringComparison.Ordinal) && (lease.IsForEnd || record.Status == DeliveryStatus.Sending))
        {
            return Refusal.Own;
        }

        // A header that expires while its day is sent stays that of its sender.
        if (record.IsExpired(now) && !isLive)
        {
            return Refusal.Expired;
        }

        return record.Status switch
        {
            DeliveryStatus.Delivered => Refusal.Delivered,
            DeliveryStatus.Deleting or DeliveryStatus.Deleted => Refusal.Deleted,
            _ when isLive => Refusal.Held,
            DeliveryStatus.Abandoned => Refusal.Abandoned,
            _ => record.Attempts >= lease.MaxAttempts ? Refusal.UsedUp : Refusal.Changed,
        };
    }

    private static Refusal OfNewer(DeliveryRecord record, bool isLive) => record.Status switch
    {
        DeliveryStatus.Delivered => Refusal.Delivered,
        DeliveryStatus.Sending when isLive => Refusal.Held,
        DeliveryStatus.Abandoned => Refusal.Abandoned,
        DeliveryStatus.Deleting or DeliveryStatus.Deleted => Refusal.Deleted,
        _ => Refusal.Newer,
    };
}
