using Amazon.DynamoDBv2.Model;
using DigestStore.Doctor;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Testing;

// An IDigestTable over records in memory. The library's own mapper makes the attributes of a record, so the storage holds what DynamoDB would
// hold.
internal sealed class InMemoryTable(InMemoryDigestStorage storage) : IDigestTable
{
    private const int WriteUnitBytes = 1024;
    private const int ReadUnitBytes = 4096;

    public Task<PageReply> QueryAsync(PageRequest request, Attempt attempt)
    {
        if (request.IsByStatus && request.Consistent)
        {
            return Task.FromResult(new PageReply { Fault = ValidationFailed });
        }

        return request.IsByStatus
            ? Answer(() => Page(storage.ListByStatus(request.Table, request.PartitionKey), request), attempt.Token)
            : Answer(request.Table, request.PartitionKey, records => Page(records.Values, request), attempt.Token);
    }

    // The records must be given in ascending order of their sort keys.
    private static PageReply Page(IEnumerable<Dictionary<string, AttributeValue>> records, PageRequest request)
    {
        var page = new List<Dictionary<string, AttributeValue>>();
        int bytes = 0;
        bool isTruncated = false;
        foreach (Dictionary<string, AttributeValue> record in request.IsDescending ? records.Reverse() : records)
        {
            if (!Matches(record, request))
            {
                continue;
            }

            // DynamoDB ends a page after the record that exceeds 1 MB or reaches the limit. It then returns a LastEvaluatedKey, even if no
            // record follows.
            page.Add(record);
            bytes += AttributeSize.Of(record);
            isTruncated = bytes > Schema.MaxPageBytes || page.Count == request.Limit;
            if (isTruncated)
            {
                break;
            }
        }

        return ReplyReader.Page(
            new QueryResponse
            {
                Items = page,
                LastEvaluatedKey = isTruncated ? page[^1] : null,
                ConsumedCapacity = new ConsumedCapacity { CapacityUnits = ReadUnits(bytes, request.Consistent) },
            },
            request);
    }

    private static bool Matches(Dictionary<string, AttributeValue> record, PageRequest request)
    {
        string sortKey = record[request.IsByStatus ? N.StatusIndexSk : N.Sk].S;
        return (request.From is null || string.CompareOrdinal(sortKey, request.From) >= 0) &&
            (request.To is null || string.CompareOrdinal(sortKey, request.To) <= 0) &&
            (request.After is null || IsAfterStart(string.CompareOrdinal(sortKey, request.After), record, request));
    }

    private static bool IsAfterStart(int compared, Dictionary<string, AttributeValue> record, PageRequest request)
    {
        if (compared == 0 && request.AfterRecord is { } after)
        {
            compared = string.CompareOrdinal(record[N.Pk].S, after.PartitionKey) is var partitions and not 0 ? partitions : string.CompareOrdinal(record[N.Sk].S, after.SortKey);
        }

        return request.IsDescending ? compared < 0 : compared > 0;
    }

    public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt)
    {
        int asked = request.Keys.Count;
        if (asked is 0 or > Schema.MaxBatchGetKeys || request.Keys.Distinct().Count() != asked)
        {
            return Task.FromResult(new LookupReply { KeyCount = asked, Fault = ValidationFailed });
        }

        return Answer(
            () =>
            {
                var found = new List<StoredRecord>();
                double units = 0;
                foreach (RecordKey key in request.Keys)
                {
                    Dictionary<string, AttributeValue>? record = storage.With(request.Table, key.PartitionKey, records => records.GetValueOrDefault(key.SortKey));
                    units += ReadUnits(record is null ? 0 : AttributeSize.Of(record), request.Consistent);
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
        List<Dictionary<string, AttributeValue>> puts = [.. batch.Puts.Select(put => ItemMapper.ToAttributes(put, batch.Partition))];
        if (WriteRules.Check(batch, puts) is { } refusal)
        {
            return Task.FromResult(new WriteReply { Sent = sent, Fault = refusal });
        }

        return Answer(
            batch.Partition.Table,
            batch.Partition.Key,
            records =>
            {
                double units = 0;
                foreach (Dictionary<string, AttributeValue> record in puts)
                {
                    string sortKey = record[N.Sk].S;
                    int before = records.TryGetValue(sortKey, out Dictionary<string, AttributeValue>? replaced) ? AttributeSize.Of(replaced) : 0;
                    records[sortKey] = record;
                    units += WriteUnits(Math.Max(before, AttributeSize.Of(record)));
                }

                foreach (string sortKey in batch.Deletes.Select(RecordKeys.Item))
                {
                    units += WriteUnits(records.Remove(sortKey, out Dictionary<string, AttributeValue>? deleted) ? AttributeSize.Of(deleted) : 0);
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
            Dictionary<string, AttributeValue>? before = records.GetValueOrDefault(update.Key.SortKey);
            (UpdateVerdict verdict, Dictionary<string, AttributeValue>? after) = UpdateEvaluator.Apply(update, before);
            if (verdict == UpdateVerdict.Refused)
            {
                return new UpdateReply { Fault = ConditionFailed, Record = before is null ? null : new StoredRecord(update.Key, before) };
            }

            if (after is null || AttributeSize.Of(after) > Schema.MaxItemBytes)
            {
                return new UpdateReply { Fault = ValidationFailed };
            }

            records[update.Key.SortKey] = after;
            return new UpdateReply
            {
                Units = WriteUnits(Math.Max(before is null ? 0 : AttributeSize.Of(before), AttributeSize.Of(after))),
                Record = update.ReturnsRecord ? new StoredRecord(update.Key, after) : null,
            };
        },
        attempt.Token);

    private static TableFault ValidationFailed { get; } = new(FaultKind.Invalid, "ValidationException", 400);

    private static TableFault ConditionFailed { get; } = new(FaultKind.ConditionFailed, nameof(ConditionalCheckFailedException), 400);

    private Task<T> Answer<T>(string table, string partitionKey, Func<SortedDictionary<string, Dictionary<string, AttributeValue>>, T> operation, CancellationToken cancellationToken) =>
        Answer(() => storage.With(table, partitionKey, operation), cancellationToken);

    private static Task<T> Answer<T>(Func<T> operation, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<T>(cancellationToken) : Task.FromResult(operation());

    private static double ReadUnits(int bytes, bool consistent) => Math.Max(1, Math.Ceiling((double)bytes / ReadUnitBytes)) * (consistent ? 1 : 0.5);

    private static double WriteUnits(int bytes) => Math.Max(1, Math.Ceiling((double)bytes / WriteUnitBytes));
}
