using System.Globalization;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Testing;

// The UpdateItem of the day's header, with its condition, as HeaderUpdates writes it for DynamoDB.
internal static class InMemoryHeader
{
    public static HeaderReply Apply(SortedDictionary<string, Dictionary<string, AttributeValue>> records, HeaderUpdate update, Func<int, double> writeUnits)
    {
        Dictionary<string, AttributeValue> there = records.GetValueOrDefault(RecordKeys.Header) ?? new(StringComparer.Ordinal);
        string? lastRun = ItemReader.Text(there, N.LastRunId);
        if (string.Equals(lastRun, update.RunId, StringComparison.Ordinal) || ItemReader.IsNewer(there))
        {
            return new HeaderReply { Fault = new TableFault(FaultKind.ConditionFailed, nameof(ConditionalCheckFailedException), 400), RunThere = lastRun };
        }

        if (update.IsMark)
        {
            return Mark(records, there, update, writeUnits);
        }

        var header = new Dictionary<string, AttributeValue>(there, StringComparer.Ordinal)
        {
            [N.Pk] = ItemMapper.Text(update.Partition.Key),
            [N.Sk] = ItemMapper.Text(RecordKeys.Header),
            [N.Date] = ItemMapper.Text(RecordKeys.Date(update.Partition.Date)),
            [N.Version] = ItemMapper.Number(Schema.Version),
            [N.LastStoreStatus] = ItemMapper.Text(update.StoreStatus),
            [N.StoredAt] = ItemMapper.Text(Instants.Write(update.StoredAt)),
            [N.LastRunId] = ItemMapper.Text(update.RunId),
            [N.CorrelationId] = ItemMapper.Text(update.CorrelationId),
            [N.IdRules] = ItemMapper.Text(update.IdRules),
            [N.StatusIndexSk] = ItemMapper.Text(RecordKeys.Date(update.Partition.Date)),
        };
        if (update.StartAnew)
        {
            foreach (string name in (string[])[N.Runs, N.NextOrdinal, N.Status, N.StatusIndexPk, N.DeliveredAt])
            {
                header.Remove(name);
            }
        }

        AddStatus(header, update);
        Add(header, N.Runs, 1);
        Add(header, N.NextOrdinal, update.OrdinalsUsed);
        header.Remove(N.ExpiresAt);
        if (update.ExpiresAt is { } expiresAt)
        {
            header[N.ExpiresAt] = ItemMapper.Number(Instants.ToEpochSeconds(expiresAt));
        }

        records[RecordKeys.Header] = header;
        return new HeaderReply { Units = writeUnits(AttributeSize.Of(header)) };
    }

    private static HeaderReply Mark(
        SortedDictionary<string, Dictionary<string, AttributeValue>> records, Dictionary<string, AttributeValue> there, HeaderUpdate update, Func<int, double> writeUnits)
    {
        var header = new Dictionary<string, AttributeValue>(there, StringComparer.Ordinal)
        {
            [N.Pk] = ItemMapper.Text(update.Partition.Key),
            [N.Sk] = ItemMapper.Text(RecordKeys.Header),
            [N.Date] = ItemMapper.Text(RecordKeys.Date(update.Partition.Date)),
            [N.Version] = ItemMapper.Number(Schema.Version),
            [N.IdRules] = ItemMapper.Text(update.IdRules),
            [N.StatusIndexSk] = ItemMapper.Text(RecordKeys.Date(update.Partition.Date)),
        };
        AddStatus(header, update);
        records[RecordKeys.Header] = header;
        return new HeaderReply { Units = writeUnits(AttributeSize.Of(header)) };
    }

    private static void AddStatus(Dictionary<string, AttributeValue> header, HeaderUpdate update)
    {
        header.TryAdd(N.Status, ItemMapper.Text(RecordKeys.PendingDelivery));
        header.TryAdd(N.StatusIndexPk, ItemMapper.Text(RecordKeys.StatusIndex(update.Partition.Digest, RecordKeys.PendingDelivery)));
    }

    private static void Add(Dictionary<string, AttributeValue> header, string name, long number) =>
        header[name] = ItemMapper.Number(long.Parse(ItemReader.Digits(header, name) ?? "0", CultureInfo.InvariantCulture) + number);
}
