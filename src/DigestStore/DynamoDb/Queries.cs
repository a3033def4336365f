using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// Turns the requests of IDigestTable into requests of the SDK.
internal static class Queries
{
    public static QueryRequest Page(PageRequest request)
    {
        (string partitionKey, string sortKey) = KeyNames(request);
        var query = new QueryRequest
        {
            TableName = request.Table,
            IndexName = request.IsByStatus ? N.StatusIndex : null,
            KeyConditionExpression = "#pk = :pk",
            ExpressionAttributeNames = new(StringComparer.Ordinal) { ["#pk"] = partitionKey },
            ExpressionAttributeValues = new(StringComparer.Ordinal) { [":pk"] = ItemMapper.Text(request.PartitionKey) },
            ConsistentRead = request.Consistent,
            ScanIndexForward = request.IsDescending ? false : null,
            Limit = request.Limit,
            ExclusiveStartKey = request.After is null ? null : StartKey(request, request.After),
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
        if (request.From is not null || request.To is not null)
        {
            AddRange(query, request, sortKey);
        }

        return query;
    }

    // The key attributes of the table, or of the index by-status.
    public static (string PartitionKey, string SortKey) KeyNames(PageRequest request) =>
        request.IsByStatus ? (N.StatusIndexPk, N.StatusIndexSk) : (N.Pk, N.Sk);

    public static BatchGetItemRequest Lookup(LookupRequest request)
    {
        var keys = new List<Dictionary<string, AttributeValue>>(request.Keys.Count);
        foreach (RecordKey key in request.Keys)
        {
            keys.Add(Key(key.PartitionKey, key.SortKey));
        }

        return new BatchGetItemRequest
        {
            RequestItems = new(StringComparer.Ordinal)
            {
                [request.Table] = new KeysAndAttributes { Keys = keys, ConsistentRead = request.Consistent },
            },
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
    }

    public static BatchWriteItemRequest Write(WriteBatch batch)
    {
        string partitionKey = batch.Partition.Key;
        var shared = new SharedValues(batch.Partition);
        var writes = new List<WriteRequest>(batch.Puts.Count + batch.Deletes.Count);
        foreach (ItemPut put in batch.Puts)
        {
            writes.Add(new WriteRequest(new PutRequest(ItemMapper.ToAttributes(put, shared))));
        }

        foreach (DigestItemId id in batch.Deletes)
        {
            writes.Add(new WriteRequest(new DeleteRequest(Key(partitionKey, RecordKeys.Item(id)))));
        }

        return new BatchWriteItemRequest
        {
            RequestItems = new(StringComparer.Ordinal) { [batch.Partition.Table] = writes },
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
    }

    private static void AddRange(QueryRequest query, PageRequest request, string sortKey)
    {
        query.ExpressionAttributeNames.Add("#sk", sortKey);
        query.KeyConditionExpression += (request.From, request.To) switch
        {
            (not null, not null) => " AND #sk BETWEEN :from AND :to",
            (not null, null) => " AND #sk >= :from",
            _ => " AND #sk <= :to",
        };
        if (request.From is not null)
        {
            query.ExpressionAttributeValues.Add(":from", ItemMapper.Text(request.From));
        }

        if (request.To is not null)
        {
            query.ExpressionAttributeValues.Add(":to", ItemMapper.Text(request.To));
        }
    }

    private static Dictionary<string, AttributeValue> StartKey(PageRequest request, string after)
    {
        if (request.AfterRecord is not { } record)
        {
            return Key(request.PartitionKey, after);
        }

        Dictionary<string, AttributeValue> start = Key(record.PartitionKey, record.SortKey);
        start[N.StatusIndexPk] = ItemMapper.Text(request.PartitionKey);
        start[N.StatusIndexSk] = ItemMapper.Text(after);
        return start;
    }

    private static Dictionary<string, AttributeValue> Key(string partitionKey, string sortKey) => new(2, StringComparer.Ordinal)
    {
        [N.Pk] = ItemMapper.Text(partitionKey),
        [N.Sk] = ItemMapper.Text(sortKey),
    };
}
