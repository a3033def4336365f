using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Day;

// Makes the request that looks up records of one day by their ids, with or without its header, and reads the reply.
internal static class DayLookup
{
    public static LookupRequest Of(Partition partition, bool withHeader, IReadOnlyCollection<DigestItemId> ids, bool consistent)
    {
        string partitionKey = partition.Key;
        var keys = new List<RecordKey>(ids.Count + 1);
        if (withHeader)
        {
            keys.Add(new RecordKey(partitionKey, RecordKeys.Header));
        }

        foreach (DigestItemId id in ids)
        {
            keys.Add(new RecordKey(partitionKey, RecordKeys.Item(id)));
        }

        return new LookupRequest(partition.Table, keys, consistent);
    }

    public static (HeaderRecord? Header, List<ItemRecord> Items) Read(LookupReply reply, DateOnly date)
    {
        HeaderRecord? header = null;
        var items = new List<ItemRecord>(reply.Records.Count);
        foreach (StoredRecord record in reply.Records)
        {
            if (IsHeader(record.Key))
            {
                header = record.ToHeader();
            }
            else if (RecordKeys.TryParseItem(record.Key.SortKey, out DigestItemId id))
            {
                items.Add(record.ToItem(id, date));
            }
        }

        return (header, items);
    }

    private static bool IsHeader(RecordKey key) => string.Equals(key.SortKey, RecordKeys.Header, StringComparison.Ordinal);
}
