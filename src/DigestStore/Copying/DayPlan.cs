using DigestStore.Manifests;
using DigestStore.Records;

namespace DigestStore.Copying;

// What has to be written so that the target has what the source has of a day. It is empty if the target has it.
internal sealed class DayPlan
{
    private DayPlan()
    {
    }

    // The parts of the source's manifest, for a day that has none at the target. The first part is the last one.
    public IReadOnlyList<StoredRecord> ManifestParts { get; private init; } = [];

    // Whether both sides have a manifest, and the target's does not say all that the source's does.
    public bool MergesManifest { get; private init; }

    // The header as it has to be. Null if it already is.
    public StoredRecord? Header { get; private init; }

    public IReadOnlyList<ItemCopy> Items { get; private init; } = [];

    public IReadOnlyList<StoredRecord> Others { get; private init; } = [];

    // How many records of the source are left out, because the target has a newer one.
    public int Kept { get; private init; }

    // Why something of the target was kept. Null if nothing was.
    public DigestCopyKept? Reason { get; private init; }

    // What becomes of the email at the target.
    public DeliveryStatus? Status { get; private init; }

    public bool IsEmpty => ManifestParts.Count + Items.Count + Others.Count == 0 && !MergesManifest && Header is null;

    public static DayPlan Of(DayRecords source, DayRecords target, DateTimeOffset now)
    {
        (StoredRecord? header, DigestCopyKept? kept) = HeaderMerge.Of(source, target, now);
        bool isLeftAlone = HeaderMerge.LeavesDayAlone(kept, target.Header);
        List<ItemCopy> items = [];
        List<StoredRecord> others = [];
        int left = 0;
        foreach ((DigestItemId id, StoredRecord record) in source.Items)
        {
            StoredRecord? there = target.Items.GetValueOrDefault(id);
            StoredRecord wanted = there is null ? record : WithAttributesOfOthers(record, there);
            if (!wanted.IsEqualTo(there))
            {
                bool isCopied = !isLeftAlone && (there is null || Replaces(record.ToItem(id, source.Partition.Date), there.ToItem(id, source.Partition.Date)));
                left += isCopied ? 0 : 1;
                items.AddRange(isCopied ? [new ItemCopy { Id = id, Record = wanted }] : []);
            }
        }

        // Nobody but its program knows which of two such records is newer.
        foreach (StoredRecord record in source.Others.Values.Where(record => !record.IsEqualTo(target.Others.GetValueOrDefault(record.Key))))
        {
            bool isCopied = !isLeftAlone && !target.Others.ContainsKey(record.Key);
            left += isCopied ? 0 : 1;
            others.AddRange(isCopied ? [record] : []);
        }

        return new DayPlan
        {
            ManifestParts = source.Manifest is not null && target.Manifest is null ? PartsOf(source, target) : [],
            MergesManifest = source.Manifest is not null && target.Manifest is { } known && !ReferenceEquals(known.MergedWith(source.Manifest), known),
            Header = header is null || header.IsEqualTo(target.StoredHeader) ? null : header,
            Items = items,
            Others = others,
            Kept = left,
            Reason = kept ?? (left > 0 ? DigestCopyKept.NewerItems : null),
            Status = header?.ToDelivery().Status,
        };
    }

    // The first part is written last, because the others count only with it.
    private static StoredRecord[] PartsOf(DayRecords source, DayRecords target) =>
        [.. source.ManifestParts.Where(part => !target.ManifestParts.Any(part.IsEqualTo)).Reverse()];

    // A put replaces the whole record. Attributes that only the target has and that no version of the library so far has written are of other
    // programs, so they stay.
    private static StoredRecord WithAttributesOfOthers(StoredRecord record, StoredRecord there) =>
        record.With([.. there.Names.Except(record.Names, StringComparer.Ordinal).Where(static name => ItemFields.Of(name) == ItemField.Unknown).Select(there.Take)]);

    // A newer record of the target stays, and so does one of the same age that lives longer.
    private static bool Replaces(ItemRecord source, ItemRecord target)
    {
        if (!source.IsReadable || !target.IsReadable)
        {
            return source.IsReadable;
        }

        (StoredDigestItem own, StoredDigestItem there) = (source.Stored, target.Stored);
        bool isOfSameAge = own.Revision == there.Revision && own.UpdatedAt == there.UpdatedAt;
        return isOfSameAge
            ? !((there.ExpiresAt ?? DateTimeOffset.MaxValue) > (own.ExpiresAt ?? DateTimeOffset.MaxValue))
            : own.Revision >= there.Revision && own.UpdatedAt >= there.UpdatedAt;
    }
}
