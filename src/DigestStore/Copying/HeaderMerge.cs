using DigestStore.Day;
using DigestStore.Delivery;
using DigestStore.Records;
using static DigestStore.Records.AttributeChange;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Copying;

// Decides what the header of a copied day says. It has two halves, and each is taken from one side as a whole: what store calls wrote, from the
// side that stored last; and what became of the email, from the source, unless the target knows more.
internal static class HeaderMerge
{
    private const string Words = "The day was being sent when it was copied.";

    private static readonly string[] OfDeliveries = [N.Status, N.StatusIndexPk, N.StatusIndexSk, N.Fence, .. HeaderAttributes.OfDeliveries];
    private static readonly string[] OfStores = [.. HeaderAttributes.OfStores, N.ExpiresAt];

    // The header is null if neither side has one. "Kept" says why the target's half about the email stays, although the source has another one.
    public static (StoredRecord? Header, DigestCopyKept? Kept) Of(DayRecords source, DayRecords target, DateTimeOffset now)
    {
        StoredRecord? arrived = source.Header is null ? null : Arrived(source.Partition, source.Header, target.StoredHeader, now);
        if (arrived is null || target.Header is not { } there)
        {
            return (arrived is not null ? WithRules(arrived, source, target) : target.Header is not null ? WithRules(target.Header, target, source) : null, null);
        }

        DigestCopyKept? kept = KeptOf(source.Header!, arrived, target);
        return LeavesDayAlone(kept, there) ? (there, kept) : (Merged(arrived, there, kept, source, target), kept);
    }

    // Whether nothing may be added to the day at the target.
    public static bool LeavesDayAlone(DigestCopyKept? kept, StoredRecord? there) =>
        kept is DigestCopyKept.Deleted or DigestCopyKept.DeletedAtSource || (kept is DigestCopyKept.Held && there?.ToDelivery().Status == DeliveryStatus.Deleting);

    // Nobody at the target holds the lease of the source. So a day that is being sent has an attempt of which nobody will say more, and a deletion
    // can be taken up at once.
    private static StoredRecord Arrived(Partition partition, StoredRecord header, StoredRecord? there, DateTimeOffset now)
    {
        DeliveryRecord delivery = header.ToDelivery();
        DeliveryRecord? known = there?.ToDelivery();

        // An earlier copy of the same attempt has noted its time.
        DateTimeOffset at = known is { FailedAt: { } noted } && known.LeaseToken == delivery.LeaseToken ? noted : now;
        StoredRecord arrived = delivery.Status == DeliveryStatus.Sending ? header.With(DeliveryUpdates.Interrupted(partition, Words, at)) : header.With(new Remove(N.LeaseUntil));
        return there is null ? arrived : arrived.With([.. Larger(there, arrived, N.Fence), .. Larger(there, arrived, N.DeletedAt)]);
    }

    // Takes the number of the one record if it is larger than that of the other.
    private static AttributeChange[] Larger(StoredRecord one, StoredRecord other, string name) => one.Number(name) > (other.Number(name) ?? 0) ? [one.Take(name)] : [];

    private static DigestCopyKept? KeptOf(StoredRecord sourceHeader, StoredRecord arrived, DayRecords target)
    {
        if (Array.TrueForAll(OfDeliveries, name => arrived.IsEqualIn(name, target.Header!)))
        {
            return null;
        }

        (DeliveryRecord source, DeliveryRecord there) = (sourceHeader.ToDelivery(), target.Header!.ToDelivery());
        bool isDeletedAtSource = source.Status is DeliveryStatus.Deleted or DeliveryStatus.Deleting;
        bool isDeletedThere = there.Status is DeliveryStatus.Deleted or DeliveryStatus.Deleting;
        bool isSameDelivery = source.Status == DeliveryStatus.Delivered && source.DeliveredAt == there.DeliveredAt && source.Fence == there.Fence;
        return true switch
        {
            _ when there.LeaseUntil is not null => DigestCopyKept.Held,
            _ when isDeletedAtSource && !isDeletedThere && target.Items.Count > 0 => DigestCopyKept.DeletedAtSource,
            _ when there.Status == DeliveryStatus.Delivered && !isSameDelivery => DigestCopyKept.Delivered,
            _ when there.Fence > source.Fence => isDeletedThere ? DigestCopyKept.Deleted : DigestCopyKept.NewerAttempt,
            _ when there.Fence == source.Fence && there.ResolveId is not null && there.ResolveId != source.ResolveId => DigestCopyKept.Resolved,
            _ => null,
        };
    }

    private static StoredRecord Merged(StoredRecord arrived, StoredRecord there, DigestCopyKept? kept, DayRecords source, DayRecords target)
    {
        bool isSourceNewer = arrived.ToHeader().IsWrittenByStore && !(there.ToHeader().IsWrittenByStore && there.Instant(N.StoredAt) > arrived.Instant(N.StoredAt));
        (StoredRecord newer, StoredRecord older) = isSourceNewer ? (arrived, there) : (there, arrived);
        StoredRecord delivery = kept is null ? arrived : there;

        // Attributes that only one side has are of other programs, and stay.
        StoredRecord merged = older.With([.. newer.Names.Select(newer.Take)]).With([.. OfStores.Select(newer.Take), .. OfDeliveries.Select(delivery.Take), .. Larger(older, newer, N.DeletedAt)]);
        if (older.ToHeader().IsWrittenByStore)
        {
            merged = merged.With(Bounds(newer, older));
        }

        return isSourceNewer ? WithRules(merged, source, target) : WithRules(merged, target, source);
    }

    // The ordinals of both sides are used, and a header lives as long as each item of its day.
    private static AttributeChange[] Bounds(StoredRecord newer, StoredRecord older) =>
    [
        .. Larger(older, newer, N.NextOrdinal),
        .. newer.Number(N.ExpiresAt) is { } expiresAt && !(older.Number(N.ExpiresAt) <= expiresAt) ? [older.Take(N.ExpiresAt)] : Array.Empty<AttributeChange>(),
    ];

    // A day with ids of several sets of identity rules is marked, so that its items are compared by their URLs. "own" is the side that the
    // header's rules are of.
    private static StoredRecord WithRules(StoredRecord header, DayRecords own, DayRecords other)
    {
        bool isMixed = header.ToHeader().IsWrittenByStore &&
            !string.Equals(header.Text(N.IdRules), other.Header?.Text(N.IdRules), StringComparison.Ordinal) &&
            other.Items.Keys.Any(id => !own.Items.ContainsKey(id));
        return isMixed ? header.With(new Set(N.IdRules, MixedDay.Fingerprint)) : header;
    }
}
