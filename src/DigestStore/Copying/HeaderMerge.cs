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
        long known = Math.Max(source.Manifest?.Fence ?? 0, target.Manifest?.Fence ?? 0);
        StoredRecord? arrived = source.Header is null ? null : Arrived(source.Partition, source.Header, target.StoredHeader, known, now);
        if (arrived is null || target.Header is not { } there)
        {
            return (arrived is not null ? WithRules(arrived, source, target) : target.Header is not null ? WithRules(target.Header, target, source) : null, null);
        }

        DigestCopyKept? kept = KeptOf(source, arrived, target, now);
        return LeavesDayAlone(kept, there) ? (there, kept) : (Merged(arrived, there, kept, source, target), kept);
    }

    // Whether nothing may be added to the day at the target.
    public static bool LeavesDayAlone(DigestCopyKept? kept, StoredRecord? there) =>
        kept is DigestCopyKept.Deleted or DigestCopyKept.DeletedAtSource || (kept is DigestCopyKept.Held && there?.ToDelivery().Status == DeliveryStatus.Deleting);

    // Nobody at the target holds the lease of the source. So a day that is being sent has an attempt of which nobody will say more, and a deletion
    // can be taken up at once. The fence is not smaller than that of a manifest, which a decision about the email could not settle otherwise.
    private static StoredRecord Arrived(Partition partition, StoredRecord header, StoredRecord? there, long fenceOfManifests, DateTimeOffset now)
    {
        DeliveryRecord delivery = header.ToDelivery();
        DeliveryRecord? known = there?.ToDelivery();

        // An earlier copy of the same attempt has noted its time.
        DateTimeOffset at = known is { FailedAt: { } noted } && known.LeaseToken == delivery.LeaseToken ? noted : now;
        StoredRecord arrived = delivery.Status == DeliveryStatus.Sending ? header.With(DeliveryUpdates.Interrupted(partition, Words, at)) : header.With(new Remove(N.LeaseUntil));
        arrived = there is null ? arrived : arrived.With([.. Larger(there, arrived, N.Fence), .. Larger(there, arrived, N.DeletedAt)]);
        return fenceOfManifests > (arrived.Number(N.Fence) ?? 0) ? arrived.With(new Set(N.Fence, fenceOfManifests)) : arrived;
    }

    // Takes the number of the one record if it is larger than that of the other.
    private static AttributeChange[] Larger(StoredRecord one, StoredRecord other, string name) => one.Number(name) > (other.Number(name) ?? 0) ? [one.Take(name)] : [];

    private static DigestCopyKept? KeptOf(DayRecords sourceDay, StoredRecord arrived, DayRecords target, DateTimeOffset now)
    {
        if (Array.TrueForAll(OfDeliveries, name => arrived.IsEqualIn(name, target.Header!)))
        {
            return null;
        }

        (DeliveryRecord source, DeliveryRecord there) = (sourceDay.Header!.ToDelivery(), target.Header!.ToDelivery());
        long fence = FenceOf(sourceDay);
        bool isDeletedAtSource = source.Status is DeliveryStatus.Deleted or DeliveryStatus.Deleting;
        bool isDeletedThere = there.Status is DeliveryStatus.Deleted or DeliveryStatus.Deleting;
        bool isSameDelivery = source.Status == DeliveryStatus.Delivered && source.DeliveredAt == there.DeliveredAt && fence == there.Fence;
        bool isOtherDecision = there.ResolveId is not null && there.ResolveId != source.ResolveId;
        return true switch
        {
            // The fences of two stores cannot be compared, so the times of the deletions tell which one is the last.
            _ when there.Status == DeliveryStatus.Deleted && !isDeletedAtSource && there.DeletedAt > (source.DeletedAt ?? DateTimeOffset.MinValue) => DigestCopyKept.Deleted,

            // The email has gone out, and must not go out again.
            _ when source.Status == DeliveryStatus.Delivered && IsOpen(there, source.DeliveredAt, now) => null,
            _ when there.LeaseUntil is not null => DigestCopyKept.Held,

            // A deletion under way that nobody holds has not deleted the items that are there.
            _ when isDeletedAtSource && there.Status != DeliveryStatus.Deleted && target.Items.Count > 0 => DigestCopyKept.DeletedAtSource,
            _ when there.Status == DeliveryStatus.Delivered && !isSameDelivery => DigestCopyKept.Delivered,
            _ when there.Fence > fence => isDeletedThere ? DigestCopyKept.Deleted : DigestCopyKept.NewerAttempt,
            _ when isOtherDecision && source.Status != DeliveryStatus.Delivered => DigestCopyKept.Resolved,

            // Two stores have given the same fence to two attempts. A source that has begun the day anew has no token.
            _ when there.Fence == fence && there.LeaseToken is { } token && source.LeaseToken is { } other && token != other => DigestCopyKept.NewerAttempt,
            _ => null,
        };
    }

    // Whether nothing certain is known of the email there, and nobody may be sending it. A day that was deleted after the delivery and began anew
    // is another one.
    private static bool IsOpen(DeliveryRecord there, DateTimeOffset? deliveredAt, DateTimeOffset now) =>
        there.Status is DeliveryStatus.Pending or DeliveryStatus.Sending or DeliveryStatus.Failed or DeliveryStatus.Abandoned &&
        !(there.LeaseUntil is { } until && DeliveryRules.MayBeHeld(until, now)) &&
        !(there.DeletedAt > deliveredAt);

    // A header that lost its fence has a smaller one than its manifest, and has arrived with that of the manifest.
    private static long FenceOf(DayRecords day) => Math.Max(day.Header?.Number(N.Fence) ?? 0, day.Manifest?.Fence ?? 0);

    private static StoredRecord Merged(StoredRecord arrived, StoredRecord there, DigestCopyKept? kept, DayRecords source, DayRecords target)
    {
        bool isSourceNewer = arrived.ToHeader().IsWrittenByStore && !(there.ToHeader().IsWrittenByStore && there.Instant(N.StoredAt) > arrived.Instant(N.StoredAt));
        (StoredRecord newer, StoredRecord older) = isSourceNewer ? (arrived, there) : (there, arrived);
        StoredRecord delivery = kept is null ? arrived : there;

        // Attributes that only one side has are of other programs, and stay.
        StoredRecord merged = older.With([.. newer.Names.Select(newer.Take)]).With([.. OfStores.Select(newer.Take), .. OfDeliveries.Select(delivery.Take), .. Larger(older, newer, N.DeletedAt)]);
        if (kept == DigestCopyKept.Resolved && FenceOf(source) > (there.Number(N.Fence) ?? 0))
        {
            // The manifest of both sides has this fence, and a later decision must be able to settle it.
            merged = merged.With(new Set(N.Fence, FenceOf(source)));
        }

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
