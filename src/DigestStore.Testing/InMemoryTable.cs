using Amazon.DynamoDBv2.Model;
using DigestStore.LocalTable;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Testing;

// An IDigestTable over records in memory. The library's own mapper makes the attributes of a record, so the storage holds what DynamoDB would
// hold.
internal sealed class InMemoryTable(InMemoryDigestStorage storage) : IDigestTable
{
    public Task<PageReply> QueryAsync(PageRequest request, Attempt attempt)
    {
        if (ReadRules.Check(request) is { } refusal)
        {
            return Task.FromResult(new PageReply { Fault = refusal });
        }

        return request.IsByStatus
            ? Answer(() => Page(storage.ListByStatus(request.Table, request.PartitionKey), request), attempt.Token)
            : Answer(request.Table, request.PartitionKey, records => Page(records.Values, request), attempt.Token);
    }

    // The records must be given in ascending order of their sort keys.
    private static PageReply Page(IEnumerable<Dictionary<string, AttributeValue>> records, PageRequest request)
    {
        var page = new LocalPage(request);
        foreach (Dictionary<string, AttributeValue> record in request.IsDescending ? records.Reverse() : records)
        {
            if (Matches(record, request))
            {
                page.Add(new RecordKey(record[N.Pk].S, record[N.Sk].S), ItemReader.Text(record, N.StatusIndexSk), AttributeSize.Of(record), record);
            }

            if (page.IsFull)
            {
                break;
            }
        }

        return page.ToReply();
    }

    private static bool Matches(Dictionary<string, AttributeValue> record, PageRequest request)
    {
        string sortKey = record[request.IsByStatus ? N.StatusIndexSk : N.Sk].S;
        return (request.From is null || KeyOrder.Compare(sortKey, request.From) >= 0) &&
            (request.To is null || KeyOrder.Compare(sortKey, request.To) <= 0) &&
            (request.After is null || IsAfterStart(KeyOrder.Compare(sortKey, request.After), record, request));
    }

    private static bool IsAfterStart(int compared, Dictionary<string, AttributeValue> record, PageRequest request)
    {
        if (compared == 0 && request.AfterRecord is { } after)
        {
            compared = KeyOrder.Compare(record[N.Pk].S, after.PartitionKey) is var partitions and not 0 ? partitions : KeyOrder.Compare(record[N.Sk].S, after.SortKey);
        }

        return request.IsDescending ? compared < 0 : compared > 0;
    }

    public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt)
    {
        int asked = request.Keys.Count;
        if (ReadRules.Check(request) is { } refusal)
        {
            return Task.FromResult(new LookupReply { KeyCount = asked, Fault = refusal });
        }

        return Answer(
            () =>
            {
                var found = new List<StoredRecord>();
                double units = 0;
                foreach (RecordKey key in request.Keys)
                {
                    Dictionary<string, AttributeValue>? record = storage.With(request.Table, key.PartitionKey, records => records.GetValueOrDefault(key.SortKey));
                    units += CapacityUnits.OfRead(record is null ? 0 : AttributeSize.Of(record), request.Consistent);
                    if (record is not null)
                    {
                        found.Add(new StoredRecord(key, record));
                    }
                }

                return new LookupReply { KeyCount = asked, Records = found, Units = units };
            },
            attempt.Token);
    }

    public Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt)
    {
        int sent = batch.Puts.Count + batch.Deletes.Count;
        Dictionary<string, AttributeValue>[] puts = [.. batch.Puts.Select(put => ItemMapper.ToAttributes(put, batch.Partition))];
        int[] sizes = [.. puts.Select(AttributeSize.Of)];
        if (WriteRules.Check(batch, puts, sizes) is { } refusal)
        {
            return Task.FromResult(new WriteReply { Sent = sent, Fault = refusal });
        }

        return Answer(
            batch.Partition.Table,
            batch.Partition.Key,
            records =>
            {
                double units = 0;
                foreach ((Dictionary<string, AttributeValue> record, int size) in puts.Zip(sizes))
                {
                    string sortKey = record[N.Sk].S;
                    int before = records.TryGetValue(sortKey, out Dictionary<string, AttributeValue>? replaced) ? AttributeSize.Of(replaced) : 0;
                    records[sortKey] = record;
                    units += CapacityUnits.OfWrite(before, size);
                }

                foreach (string sortKey in batch.Deletes.Select(RecordKeys.Item))
                {
                    units += CapacityUnits.OfWrite(records.Remove(sortKey, out Dictionary<string, AttributeValue>? deleted) ? AttributeSize.Of(deleted) : 0, 0);
                }

                return new WriteReply { Sent = sent, Units = units };
            },
            attempt.Token);
    }

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt) => Answer(
        update.Table,
        update.Key.PartitionKey,
        records =>
        {
            (UpdateReply reply, Dictionary<string, AttributeValue>? after) = LocalUpdate.Apply(update, records.GetValueOrDefault(update.Key.SortKey));
            if (after is not null)
            {
                records[update.Key.SortKey] = after;
            }

            return reply;
        },
        attempt.Token);

    private Task<T> Answer<T>(string table, string partitionKey, Func<SortedDictionary<string, Dictionary<string, AttributeValue>>, T> operation, CancellationToken cancellationToken) =>
        Answer(() => storage.With(table, partitionKey, operation), cancellationToken);

    private static Task<T> Answer<T>(Func<T> operation, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<T>(cancellationToken) : Task.FromResult(operation());
}
