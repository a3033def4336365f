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

    public static PageReply Page(QueryResponse response, PageRequest request)
    {
        var page = new PageParts(request);
        List<Dictionary<string, AttributeValue>> records = response.Items ?? [];
        foreach (Dictionary<string, AttributeValue>? record in records)
        {
            switch (page.KindOf(record is null ? null : ItemReader.Text(record, N.Pk), record is null ? null : ItemReader.Text(record, N.Sk), out DigestItemId id))
            {
                case RecordKind.Item:
                    page.Add(ItemReader.Read(id, request.Partition.Date, record!));
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

    public static LookupReply Lookup(BatchGetItemResponse response, LookupRequest request, int asked)
    {
        string table = request.Partition.Table;
        string partitionKey = request.Partition.Key;
        HeaderRecord? header = null;
        var wanted = new HashSet<DigestItemId>(request.Ids);
        var items = new List<ItemRecord>();
        bool isAnswered = false;
        foreach ((string name, List<Dictionary<string, AttributeValue>>? records) in response.Responses ?? [])
        {
            isAnswered |= records is not null;
            if (!RecordKeys.IsSameTable(name, table) || records?.TrueForAll(record => IsOf(partitionKey, record)) == false)
            {
                return new LookupReply { Asked = asked, Fault = Foreign };
            }

            foreach (Dictionary<string, AttributeValue> item in records ?? [])
            {
                string? sortKey = ItemReader.Text(item, N.Sk);
                if (RecordKeys.TryParseItem(sortKey, out DigestItemId id) && wanted.Contains(id))
                {
                    items.Add(ItemReader.Read(id, request.Partition.Date, item));
                }
                else if (request.WithHeader && string.Equals(sortKey, RecordKeys.Header, StringComparison.Ordinal))
                {
                    header = HeaderReader.Read(item);
                }
            }
        }

        bool headerLeft = false;
        var left = new List<DigestItemId>();
        foreach ((string name, KeysAndAttributes? keys) in response.UnprocessedKeys ?? [])
        {
            if (!RecordKeys.IsSameTable(name, table) || keys?.Keys?.TrueForAll(key => IsOf(partitionKey, key) && ItemReader.Text(key, N.Sk) is not null) == false)
            {
                return new LookupReply { Asked = asked, Fault = Foreign };
            }

            foreach (Dictionary<string, AttributeValue> key in keys?.Keys ?? [])
            {
                string? sortKey = ItemReader.Text(key, N.Sk);
                if (RecordKeys.TryParseItem(sortKey, out DigestItemId id) && wanted.Remove(id))
                {
                    left.Add(id);
                }
                else if (request.WithHeader && string.Equals(sortKey, RecordKeys.Header, StringComparison.Ordinal))
                {
                    headerLeft = true;
                }
            }
        }

        // Found nothing is an empty list. No list at all is no answer, unless nothing was looked for yet: it must not pass for "nothing is stored".
        bool isAllLeft = wanted.Count == 0 && headerLeft == request.WithHeader && left.Count + (headerLeft ? 1 : 0) > 0;
        if (WasOnTheWire(response) && !isAnswered && !isAllLeft)
        {
            return new LookupReply { Asked = asked, Fault = Hollow };
        }

        return new LookupReply
        {
            Asked = asked,
            Header = header,
            Items = items,
            HeaderUnprocessed = headerLeft,
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

    public static HeaderReply Header(UpdateItemResponse response) => new()
    {
        // The only thing that the update asks for in return.
        Fault = WasOnTheWire(response) && response.ConsumedCapacity is null ? Hollow : null,
        Units = Units(response.ConsumedCapacity?.CapacityUnits),
        RequestId = response.ResponseMetadata?.RequestId,
    };

    // A response without a status was never on the wire: a host's test double made it.
    private static bool WasOnTheWire(AmazonWebServiceResponse response) => response.HttpStatusCode != default;

    private static bool IsOf(string partitionKey, Dictionary<string, AttributeValue>? record) =>
        record is not null && string.Equals(ItemReader.Text(record, N.Pk), partitionKey, StringComparison.Ordinal);

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
