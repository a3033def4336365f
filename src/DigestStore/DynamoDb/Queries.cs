using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// Port requests → SDK requests.
internal static class Queries
{
    public static QueryRequest Page(PageRequest request) => new()
    {
        TableName = request.Partition.Table,
        KeyConditionExpression = "#pk = :pk",
        ExpressionAttributeNames = new(StringComparer.Ordinal) { ["#pk"] = N.Pk },
        ExpressionAttributeValues = new(StringComparer.Ordinal) { [":pk"] = ItemMapper.Text(request.Partition.Key) },
        ConsistentRead = request.Consistent,
        ExclusiveStartKey = request.After is null ? null : Key(request.Partition.Key, request.After),
        ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
    };

    public static BatchGetItemRequest Lookup(LookupRequest request)
    {
        string partitionKey = request.Partition.Key;
        var keys = new List<Dictionary<string, AttributeValue>>(request.Ids.Count + 1);
        if (request.WithHeader)
        {
            keys.Add(Key(partitionKey, RecordKeys.Header));
        }

        foreach (DigestItemId id in request.Ids)
        {
            keys.Add(Key(partitionKey, RecordKeys.Item(id)));
        }

        return new BatchGetItemRequest
        {
            RequestItems = new(StringComparer.Ordinal)
            {
                [request.Partition.Table] = new KeysAndAttributes { Keys = keys, ConsistentRead = request.Consistent },
            },
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
    }

    public static BatchWriteItemRequest Write(WriteBatch batch)
    {
        string partitionKey = batch.Partition.Key;
        var shared = new SharedValues(batch.Partition);
        var writes = new List<WriteRequest>(batch.Puts.Count + batch.Deletes.Count);
        foreach (ItemWrite put in batch.Puts)
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

    private static Dictionary<string, AttributeValue> Key(string partitionKey, string sortKey) => new(2, StringComparer.Ordinal)
    {
        [N.Pk] = ItemMapper.Text(partitionKey),
        [N.Sk] = ItemMapper.Text(sortKey),
    };
}
