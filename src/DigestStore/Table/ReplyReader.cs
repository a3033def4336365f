using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using N = DigestStore.Table.AttributeNames;

namespace DigestStore.Table;

// SDK responses → port replies. The SDK's collections are null when absent; keys that were never asked for are ignored.
internal static class ReplyReader
{
    // DynamoDB says at least what is left over, or what the request has cost. An answer with neither, such as "{}", is somebody else's.
    private static readonly TableFault Hollow = new(FaultKind.InvalidResponse, "HollowAnswer", (int)HttpStatusCode.OK);

    public static PageReply Page(QueryResponse response, PageRequest request)
    {
        // An empty day is said by a count of none. What says nothing must not pass for it.
        if (IsHollow(response, response.Items ?? response.LastEvaluatedKey ?? response.Count ?? response.ScannedCount ?? (object?)response.ConsumedCapacity))
        {
            return new PageReply { Fault = Hollow };
        }

        HeaderRecord? header = null;
        int strangers = 0;
        var items = new List<ItemRecord>(response.Items?.Count ?? 0);
        foreach (Dictionary<string, AttributeValue> item in response.Items ?? [])
        {
            string? sortKey = ItemReader.Text(item, N.Sk);
            if (RecordKeys.TryParseItem(sortKey, out DigestItemId id))
            {
                items.Add(ItemReader.Read(id, request.Partition.Date, item));
            }
            else if (string.Equals(sortKey, RecordKeys.Header, StringComparison.Ordinal))
            {
                header = HeaderMapper.Read(item);
            }
            else
            {
                strangers++;
            }
        }

        Dictionary<string, AttributeValue>? last = response.LastEvaluatedKey is { Count: > 0 } key ? key : null;
        string? next = last is null ? null : ItemReader.Text(last, N.Sk);
        return new PageReply
        {
            Header = header,
            Items = items,
            Strangers = strangers,
            Next = next,

            // Taken for the end, it would be a silently short day.
            Fault = last is not null && next is null ? new TableFault(FaultKind.InvalidResponse, "LastEvaluatedKeyWithoutSortKey") : null,
            Units = response.ConsumedCapacity?.CapacityUnits ?? 0,
            RequestId = response.ResponseMetadata?.RequestId,
        };
    }

    public static LookupReply Lookup(BatchGetItemResponse response, LookupRequest request, int asked)
    {
        // Found nothing is an empty list. No list at all is no answer, and must not pass for "nothing is stored".
        if (IsHollow(response, response.Responses ?? (object?)response.UnprocessedKeys))
        {
            return new LookupReply { Asked = asked, Fault = Hollow };
        }

        HeaderRecord? header = null;
        var wanted = new HashSet<DigestItemId>(request.Ids);
        var items = new List<ItemRecord>();
        foreach (Dictionary<string, AttributeValue> item in Of(response.Responses, request.Partition.Table) ?? [])
        {
            string? sortKey = ItemReader.Text(item, N.Sk);
            if (RecordKeys.TryParseItem(sortKey, out DigestItemId id) && wanted.Contains(id))
            {
                items.Add(ItemReader.Read(id, request.Partition.Date, item));
            }
            else if (request.WithHeader && string.Equals(sortKey, RecordKeys.Header, StringComparison.Ordinal))
            {
                header = HeaderMapper.Read(item);
            }
        }

        bool headerLeft = false;
        var left = new List<DigestItemId>();
        foreach (Dictionary<string, AttributeValue> key in Of(response.UnprocessedKeys, request.Partition.Table)?.Keys ?? [])
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
        if (IsHollow(response, response.UnprocessedItems ?? (object?)response.ConsumedCapacity))
        {
            return new WriteReply { Sent = sent, Fault = Hollow };
        }

        List<DigestItemId> left = [];
        if (Of(response.UnprocessedItems, batch.Partition.Table) is { Count: > 0 } unprocessed)
        {
            HashSet<DigestItemId> sentIds = [.. batch.Puts.Select(put => put.Id), .. batch.Deletes];
            foreach (WriteRequest write in unprocessed)
            {
                Dictionary<string, AttributeValue>? key = write?.PutRequest?.Item ?? write?.DeleteRequest?.Key;
                if (key is not null && RecordKeys.TryParseItem(ItemReader.Text(key, N.Sk), out DigestItemId id) && sentIds.Remove(id))
                {
                    left.Add(id);
                }
            }
        }

        return new WriteReply { Sent = sent, Unprocessed = left, Units = Sum(response.ConsumedCapacity), RequestId = response.ResponseMetadata?.RequestId };
    }

    public static HeaderReply Header(UpdateItemResponse response) => new()
    {
        // The only thing that the update asks for in return.
        Fault = IsHollow(response, response.ConsumedCapacity) ? Hollow : null,
        Units = response.ConsumedCapacity?.CapacityUnits ?? 0,
        RequestId = response.ResponseMetadata?.RequestId,
    };

    // A response without a status was never on the wire: a host's test double made it.
    private static bool IsHollow(AmazonWebServiceResponse response, object? evidence) => evidence is null && response.HttpStatusCode != default;

    // The answer names the table as the request did; an ARN may come back as the plain name.
    private static T? Of<T>(Dictionary<string, T>? byTable, string table)
        where T : class
    {
        if (byTable is null)
        {
            return null;
        }

        return byTable.TryGetValue(table, out T? value) || byTable.TryGetValue(table[(table.LastIndexOf('/') + 1)..], out value) ? value : null;
    }

    private static double Sum(List<ConsumedCapacity>? consumed)
    {
        double units = 0;
        foreach (ConsumedCapacity part in consumed ?? [])
        {
            units += part?.CapacityUnits ?? 0;
        }

        return units;
    }
}
