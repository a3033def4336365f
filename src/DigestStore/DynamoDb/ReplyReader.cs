using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// Turns responses of the SDK into replies of IDigestTable. The SDK's collections are null if they are absent. Records that were not requested
// are ignored if they are of a requested partition. A response with records of another partition or table, or without the members that
// DynamoDB always sends, is a fault, because it does not come from the table.
internal static class ReplyReader
{
    // No request can cost more: a write of 16 MB, the largest request, costs about 16,000 units.
    private const double MaxUnits = 1e9;

    // DynamoDB's response always has a count, a list, unprocessed entries or the consumed capacity. A response with none of them, such as
    // "{}", comes from another server, and so does a page whose count is not the number of its records.
    public static readonly TableFault EmptyAnswer = Invalid("EmptyAnswer");

    // The response is about another partition or table than the request.
    public static readonly TableFault ForeignPartition = Invalid("ForeignPartition");

    public static PageReply Page(QueryResponse response, PageRequest request) => request.Day is null ? Records(response, request) : Day(response, request);

    private static PageReply Day(QueryResponse response, PageRequest request)
    {
        var page = new PageBuilder(request);
        List<Dictionary<string, AttributeValue>> records = response.Items ?? [];
        foreach (Dictionary<string, AttributeValue>? record in records)
        {
            page.Add(record);
        }

        Dictionary<string, AttributeValue>? last = response.LastEvaluatedKey is { Count: > 0 } key ? key : null;
        return page.ToReply(
            records.Count,
            CameOverHttp(response) ? response.Count : records.Count,
            isLast: last is null,
            last is null ? null : ItemReader.Text(last, N.Sk),
            Units(response.ConsumedCapacity?.CapacityUnits),
            response.ResponseMetadata?.RequestId);
    }

    private static PageReply Records(QueryResponse response, PageRequest request)
    {
        (string partitionName, string sortName) = Queries.KeyNames(request);
        var records = new List<StoredRecord>(response.Items?.Count ?? 0);
        foreach (Dictionary<string, AttributeValue>? record in response.Items ?? [])
        {
            if (KeyOf(record) is not { } key || !string.Equals(ItemReader.Text(record!, partitionName), request.PartitionKey, StringComparison.Ordinal))
            {
                return new PageReply { Fault = ForeignPartition };
            }

            records.Add(new StoredRecord(key, record!));
        }

        if (CameOverHttp(response) && response.Count != records.Count)
        {
            return new PageReply { Fault = EmptyAnswer };
        }

        Dictionary<string, AttributeValue>? last = response.LastEvaluatedKey is { Count: > 0 } lastKey ? lastKey : null;
        string? next = last is null ? null : ItemReader.Text(last, sortName);
        RecordKey? nextRecord = request.IsByStatus ? KeyOf(last) : null;
        return new PageReply
        {
            Records = records,
            Next = next,
            NextRecord = nextRecord,
            Fault = last is null || (next is not null && request.IsByStatus == (nextRecord is not null)) ? null : Invalid("LastEvaluatedKeyWithoutSortKey"),
            Units = Units(response.ConsumedCapacity?.CapacityUnits),
            RequestId = response.ResponseMetadata?.RequestId,
        };
    }

    public static LookupReply Lookup(BatchGetItemResponse response, LookupRequest request)
    {
        var wanted = new HashSet<RecordKey>(request.Keys);
        var found = new List<StoredRecord>();
        bool isAnswered = false;
        foreach ((string name, List<Dictionary<string, AttributeValue>>? records) in response.Responses ?? [])
        {
            isAnswered |= records is not null;
            if (!RecordKeys.IsSameTable(name, request.Table))
            {
                return new LookupReply { KeyCount = request.Keys.Count, Fault = ForeignPartition };
            }

            foreach (Dictionary<string, AttributeValue>? record in records ?? [])
            {
                if (!IsRequestedPartition(request, record))
                {
                    return new LookupReply { KeyCount = request.Keys.Count, Fault = ForeignPartition };
                }

                if (KeyOf(record) is { } key && wanted.Contains(key))
                {
                    found.Add(new StoredRecord(key, record!));
                }
            }
        }

        var left = new List<RecordKey>();
        foreach ((string name, KeysAndAttributes? keys) in response.UnprocessedKeys ?? [])
        {
            if (!RecordKeys.IsSameTable(name, request.Table))
            {
                return new LookupReply { KeyCount = request.Keys.Count, Fault = ForeignPartition };
            }

            foreach (Dictionary<string, AttributeValue>? record in keys?.Keys ?? [])
            {
                if (!IsRequestedPartition(request, record) || KeyOf(record) is not { } key)
                {
                    return new LookupReply { KeyCount = request.Keys.Count, Fault = ForeignPartition };
                }

                if (wanted.Remove(key))
                {
                    left.Add(key);
                }
            }
        }

        // If no record is found, DynamoDB sends an empty list. A response without a list must not be taken for "nothing is stored", unless
        // all keys were returned as unprocessed.
        if (CameOverHttp(response) && !isAnswered && left.Count < request.Keys.Count)
        {
            return new LookupReply { KeyCount = request.Keys.Count, Fault = EmptyAnswer };
        }

        return new LookupReply
        {
            KeyCount = request.Keys.Count,
            Records = found,
            Unprocessed = left,
            Units = Sum(response.ConsumedCapacity),
            RequestId = response.ResponseMetadata?.RequestId,
        };
    }

    public static WriteReply Write(BatchWriteItemResponse response, WriteBatch batch, int sent)
    {
        if (CameOverHttp(response) && response.UnprocessedItems is null && response.ConsumedCapacity is null)
        {
            return new WriteReply { Sent = sent, Fault = EmptyAnswer };
        }

        if (UnprocessedItemsReader.Read(response.UnprocessedItems, batch) is not { } left)
        {
            return new WriteReply { Sent = sent, Fault = ForeignPartition };
        }

        return new WriteReply { Sent = sent, Unprocessed = left, Units = Sum(response.ConsumedCapacity), RequestId = response.ResponseMetadata?.RequestId };
    }

    public static UpdateReply Update(UpdateItemResponse response, RecordUpdate update) => new()
    {
        // Every update requests the consumed capacity, so a response without it is empty. So is one without the record that was requested.
        Fault = (CameOverHttp(response) && response.ConsumedCapacity is null) || (update.ReturnsRecord && response.Attributes is not { Count: > 0 }) ? EmptyAnswer : null,
        Record = update.ReturnsRecord && response.Attributes is { Count: > 0 } record ? new StoredRecord(update.Key, record) : null,
        Units = Units(response.ConsumedCapacity?.CapacityUnits),
        RequestId = response.ResponseMetadata?.RequestId,
    };

    // A response without a status did not come over HTTP. A test double of the host made it, and such responses are often incomplete.
    private static bool CameOverHttp(AmazonWebServiceResponse response) => response.HttpStatusCode != default;

    // Whether the record is of a partition of which a key was requested.
    private static bool IsRequestedPartition(LookupRequest request, Dictionary<string, AttributeValue>? record)
    {
        string? partitionKey = record is null ? null : ItemReader.Text(record, N.Pk);
        foreach (RecordKey key in request.Keys)
        {
            if (string.Equals(key.PartitionKey, partitionKey, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static RecordKey? KeyOf(Dictionary<string, AttributeValue>? record) =>
        record is not null && ItemReader.Text(record, N.Pk) is { } partitionKey && ItemReader.Text(record, N.Sk) is { } sortKey
            ? new RecordKey(partitionKey, sortKey)
            : null;

    public static TableFault Invalid(string code) => new(FaultKind.InvalidResponse, code, (int)HttpStatusCode.OK);

    // A value that cannot be a cost counts as 0, because the units go into results and meters and set the pace of the next requests.
    public static double Units(double? reported) => reported is { } units and >= 0 and <= MaxUnits ? units : 0;

    private static double Sum(List<ConsumedCapacity>? consumed)
    {
        double units = 0;
        foreach (ConsumedCapacity? part in consumed ?? [])
        {
            units += Units(part?.CapacityUnits);
        }

        return units;
    }
}
