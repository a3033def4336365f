using DigestStore.Configuration;
using DigestStore.Day;
using DigestStore.History;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Copying;

// What a store has of one day, as it is. Records of the day that have expired count as absent, as they do for every call.
internal sealed class DayRecords
{
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
                Header = record.ToHeader().IsExpired(now) ? null : record;
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

    // Null if there is none, or if it has expired.
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

    // The manifest is read last. A sender writes the header before it announces its items, so that no items are missing of a day that is
    // being sent.
    public static async Task<DayRecords> ReadAsync(HistoryCall call, StoreSettings settings, DateOnly date, DateTimeOffset now)
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
