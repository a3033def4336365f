using DigestStore.Configuration;
using DigestStore.Day;
using DigestStore.Delivery;
using DigestStore.History;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Copying;

// What a store has of one day, as it is. Records of the day that have expired count as absent, as they do for every call.
internal sealed class DayRecords
{
    // How often a day is read whose header and manifest do not belong together.
    private const int MaxReads = 3;

    private readonly Dictionary<DigestItemId, StoredRecord> _items = [];
    private readonly Dictionary<RecordKey, StoredRecord> _others = [];

    private DayRecords(Partition partition, IEnumerable<StoredRecord> day, IReadOnlyList<StoredRecord> manifest, DateTimeOffset now)
    {
        (Partition, ManifestParts) = (partition, manifest);
        foreach (StoredRecord record in day)
        {
            if (record.Key == partition.HeaderKey)
            {
                StoredHeader = record;
                Header = CountsAsAbsent(record.ToDelivery(), now) ? null : record;
                NewerRecords += record.IsNewer ? 1 : 0;
            }
            else if (!RecordKeys.TryParseItem(record.Key.SortKey, out DigestItemId id))
            {
                _others.Add(record.Key, record);
            }
            else if (!record.ToItem(id, partition.Date).IsExpired(now))
            {
                _items.Add(id, record);
                NewerRecords += record.IsNewer ? 1 : 0;
            }
        }

        Manifest = ManifestReader.Read(partition.Date, manifest);
        NewerRecords += Manifest is { IsNewer: true } ? 1 : 0;
    }

    public Partition Partition { get; }

    // Null if there is none, or if it has expired and nobody holds its lease any more.
    public StoredRecord? Header { get; }

    // The header also if it has expired: an update changes what is there, and the fence may only grow.
    public StoredRecord? StoredHeader { get; }

    public IReadOnlyDictionary<DigestItemId, StoredRecord> Items => _items;

    // Records of other programs.
    public IReadOnlyDictionary<RecordKey, StoredRecord> Others => _others;

    public IReadOnlyList<StoredRecord> ManifestParts { get; }

    public Manifest? Manifest { get; }

    public int NewerRecords { get; }

    public int Count => _items.Count + _others.Count;

    public bool IsEmpty => Header is null && Count == 0 && Manifest is null;

    // A day without a header is not torn: whoever begins it at the target is told by the manifest.
    private bool IsTorn => StoredHeader is { } header && Manifest?.Fence > (header.Number(AttributeNames.Fence) ?? 0);

    // A sender who takes the day between the two reads has a manifest that is newer than the header. Such a day is read again, until both belong
    // together or nobody changes them. A header that lost its fence has a newer manifest for ever.
    public static async Task<DayRecords> ReadAsync(HistoryCall call, StoreSettings settings, DateOnly date, DateTimeOffset now)
    {
        DayRecords day = await ReadOnceAsync(call, settings, date, now).ConfigureAwait(false);
        for (int reads = 1; day.IsTorn && reads < MaxReads; reads++)
        {
            DayRecords before = day;
            day = await ReadOnceAsync(call, settings, date, now).ConfigureAwait(false);
            if (day.HasFencesOf(before))
            {
                break;
            }
        }

        return day;
    }

    private bool HasFencesOf(DayRecords other) =>
        StoredHeader?.Number(AttributeNames.Fence) == other.StoredHeader?.Number(AttributeNames.Fence) && Manifest?.Fence == other.Manifest?.Fence;

    // A header may expire while its day is sent, and then its sender still holds it.
    private static bool CountsAsAbsent(DeliveryRecord header, DateTimeOffset now) =>
        header.IsExpired(now) && !(header.LeaseUntil is { } until && DeliveryRules.MayBeHeld(until, now));

    // The manifest is read last. A sender writes the header before it announces its items, so that no items are missing of a day that is
    // being sent.
    private static async Task<DayRecords> ReadOnceAsync(HistoryCall call, StoreSettings settings, DateOnly date, DateTimeOffset now)
    {
        Partition partition = settings.PartitionOf(date);
        (List<StoredRecord> day, TableFault? fault, string operation) =
            await RecordPages.ReadAllAsync(call.Gateway, new PageRequest(partition.Table, partition.Key, Consistent: true), call.NextStep).ConfigureAwait(false);
        call.ThrowIfFailed(fault, operation);
        call.NextStep();
        (List<StoredRecord> manifest, fault, operation) = await new ManifestTable(call.Gateway, settings).ReadRecordsAsync(date).ConfigureAwait(false);
        call.ThrowIfFailed(fault, operation);
        call.NextStep();
        return new DayRecords(partition, day, manifest, now);
    }
}
