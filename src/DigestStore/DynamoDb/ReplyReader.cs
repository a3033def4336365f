using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// SDK responses → port replies. The SDK's collections are null when absent. Records that were never asked for are passed over as long as
// they are ones of the day; an answer that is about anything else, or that lacks what DynamoDB always says, is nobody's to believe.
internal static class ReplyReader
{
    // More than any request can cost: 16 MB written are 16 thousand units.
    private const double MaxUnits = 1e9;

    // DynamoDB says at least how many there are, what is left over, or what the request has cost. An answer without, such as "{}", is
    // somebody else's.
    public static readonly TableFault Hollow = Invalid("HollowAnswer");

    public static readonly TableFault Foreign = Invalid("ForeignAnswer");

    public static PageReply Page(QueryResponse response, PageRequest request) => request.Day is null ? Records(response, request) : Day(response, request);

    private static PageReply Day(QueryResponse response, PageRequest request)
    {
        var page = new PageParts(request);
        List<Dictionary<string, AttributeValue>> records = response.Items ?? [];
        foreach (Dictionary<string, AttributeValue>? record in records)
        {
            switch (page.KindOf(record is null ? null : ItemReader.Text(record, N.Pk), record is null ? null : ItemReader.Text(record, N.Sk), out DigestItemId id))
            {
                case RecordKind.Item:
                    page.Add(ItemReader.Read(id, page.Date, record!));
                    break;
                case RecordKind.Header:
                    page.Add(HeaderReader.Read(record!));
                    break;
            }
        }

        Dictionary<string, AttributeValue>? last = response.LastEvaluatedKey is { Count: > 0 } key ? key : null;
        return page.ToReply(
            records.Count,
            WasOnTheWire(response) ? response.Count : records.Count,
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
                return new PageReply { Fault = Foreign };
            }

            records.Add(new StoredRecord(key, record!));
        }

        if (WasOnTheWire(response) && response.Count != records.Count)
        {
            return new PageReply { Fault = Hollow };
        }

        Dictionary<string, AttributeValue>? last = response.LastEvaluatedKey is { Count: > 0 } there ? there : null;
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
                return new LookupReply { Asked = request.Keys.Count, Fault = Foreign };
            }

            foreach (Dictionary<string, AttributeValue>? record in records ?? [])
            {
                if (!IsOf(request, record))
                {
                    return new LookupReply { Asked = request.Keys.Count, Fault = Foreign };
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
                return new LookupReply { Asked = request.Keys.Count, Fault = Foreign };
            }

            foreach (Dictionary<string, AttributeValue>? record in keys?.Keys ?? [])
            {
                if (!IsOf(request, record) || KeyOf(record) is not { } key)
                {
                    return new LookupReply { Asked = request.Keys.Count, Fault = Foreign };
                }

                if (wanted.Remove(key))
                {
                    left.Add(key);
                }
            }
        }

        // Found nothing is an empty list. No list at all is no answer, unless nothing was looked for yet: it must not pass for "nothing is stored".
        if (WasOnTheWire(response) && !isAnswered && left.Count < request.Keys.Count)
        {
            return new LookupReply { Asked = request.Keys.Count, Fault = Hollow };
        }

        return new LookupReply
        {
            Asked = request.Keys.Count,
            Records = found,
            Unprocessed = left,
            Units = Sum(response.ConsumedCapacity),
            RequestId = response.ResponseMetadata?.RequestId,
        };
    }

    public static WriteReply Write(BatchWriteItemResponse response, WriteBatch batch, int sent)
    {
        if (WasOnTheWire(response) && response.UnprocessedItems is null && response.ConsumedCapacity is null)
        {
            return new WriteReply { Sent = sent, Fault = Hollow };
        }

        if (LeftoverReader.Read(response.UnprocessedItems, batch) is not { } left)
        {
            return new WriteReply { Sent = sent, Fault = Foreign };
        }

        return new WriteReply { Sent = sent, Unprocessed = left, Units = Sum(response.ConsumedCapacity), RequestId = response.ResponseMetadata?.RequestId };
    }

    public static UpdateReply Update(UpdateItemResponse response) => new()
    {
        // The only thing that the update asks for in return.
        Fault = WasOnTheWire(response) && response.ConsumedCapacity is null ? Hollow : null,
        Units = Units(response.ConsumedCapacity?.CapacityUnits),
        RequestId = response.ResponseMetadata?.RequestId,
    };

    // A response without a status was never on the wire: a host's test double made it.
    private static bool WasOnTheWire(AmazonWebServiceResponse response) => response.HttpStatusCode != default;

    // Whether the record is of a partition that was asked for.
    private static bool IsOf(LookupRequest request, Dictionary<string, AttributeValue>? record)
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

    // What cannot be a cost is counted as none: it goes into results and meters, and paces the next request.
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
