using Amazon.DynamoDBv2.Model;
using DigestStore.Doctor;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Testing;

// The port over records in memory. Records are made by the library's own mapper, so what is kept is what DynamoDB would keep.
internal sealed class InMemoryTable(InMemoryDigestStorage storage) : IDigestTable
{
    private const int WriteUnitBytes = 1024;
    private const int ReadUnitBytes = 4096;

    public Task<PageReply> QueryAsync(PageRequest request, CancellationToken cancellationToken) => Answer(
        request.Partition,
        records =>
        {
            var page = new List<Dictionary<string, AttributeValue>>();
            int bytes = 0;
            string? next = null;
            foreach ((string sortKey, Dictionary<string, AttributeValue> record) in records)
            {
                if (request.After is not null && string.CompareOrdinal(sortKey, request.After) <= 0)
                {
                    continue;
                }

                // DynamoDB stops after the record that crosses 1 MB, and says so even when it was the last.
                page.Add(record);
                bytes += AttributeSize.Of(record);
                if (bytes > Schema.MaxPageBytes)
                {
                    next = sortKey;
                    break;
                }
            }

            return ReplyReader.Page(
                new QueryResponse
                {
                    Items = page,
                    LastEvaluatedKey = next is null ? null : new(StringComparer.Ordinal) { [N.Sk] = ItemMapper.Text(next) },
                    ConsumedCapacity = new ConsumedCapacity { CapacityUnits = ReadUnits(bytes, request.Consistent) },
                },
                request);
        },
        cancellationToken);

    public Task<LookupReply> LookupAsync(LookupRequest request, CancellationToken cancellationToken)
    {
        int asked = request.Ids.Count + (request.WithHeader ? 1 : 0);
        if (asked is 0 or > Schema.MaxBatchGetKeys || request.Ids.Distinct().Count() != request.Ids.Count)
        {
            return Task.FromResult(new LookupReply { Asked = asked, Fault = Refused });
        }

        return Answer(
            request.Partition,
            records =>
            {
                var found = new List<Dictionary<string, AttributeValue>>();
                double units = 0;
                foreach (string sortKey in request.Ids.Select(RecordKeys.Item).Concat(request.WithHeader ? [RecordKeys.Header] : []))
                {
                    int bytes = 0;
                    if (records.TryGetValue(sortKey, out Dictionary<string, AttributeValue>? record))
                    {
                        found.Add(record);
                        bytes = AttributeSize.Of(record);
                    }

                    units += ReadUnits(bytes, request.Consistent);
                }

                return ReplyReader.Lookup(
                    new BatchGetItemResponse
                    {
                        Responses = new(StringComparer.Ordinal) { [request.Partition.Table] = found },
                        ConsumedCapacity = [new ConsumedCapacity { CapacityUnits = units }],
                    },
                    request,
                    asked);
            },
            cancellationToken);
    }

    public Task<WriteReply> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        int sent = batch.Puts.Count + batch.Deletes.Count;
        List<Dictionary<string, AttributeValue>> puts = [.. batch.Puts.Select(put => ItemMapper.ToAttributes(put, batch.Partition))];
        if (WriteRules.Check(batch, puts) is { } refusal)
        {
            return Task.FromResult(new WriteReply { Sent = sent, Fault = refusal });
        }

        return Answer(
            batch.Partition,
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
            cancellationToken);
    }

    public Task<HeaderReply> UpdateHeaderAsync(HeaderUpdate update, CancellationToken cancellationToken) =>
        Answer(update.Partition, records => InMemoryHeader.Apply(records, update, WriteUnits), cancellationToken);

    private static TableFault Refused { get; } = new(FaultKind.Invalid, "ValidationException", 400);

    private Task<T> Answer<T>(Partition partition, Func<SortedDictionary<string, Dictionary<string, AttributeValue>>, T> operation, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<T>(cancellationToken)
            : Task.FromResult(storage.With(partition.Table, partition.Key, operation));

    private static double ReadUnits(int bytes, bool consistent) => Math.Max(1, Math.Ceiling((double)bytes / ReadUnitBytes)) * (consistent ? 1 : 0.5);

    private static double WriteUnits(int bytes) => Math.Max(1, Math.Ceiling((double)bytes / WriteUnitBytes));
}
