using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The same work with the bare SDK. <paramref name="makesIdentity"/>: it also works out the ids and the content hashes, with DigestStore's own functions.</summary>
internal sealed class SdkSameWork(Uri url, bool makesIdentity) : SameWorkPeer(
    makesIdentity ? AllPeers.BareSdkWithIdentity : AllPeers.BareSdk, makesIdentity ? "bare-hash" : "bare-sdk", makesIdentity)
{
    private readonly AmazonDynamoDBClient _client = SdkClient.Create(url);

    public override void Dispose() => _client.Dispose();

    /// <summary>The Query that DigestStore sends.</summary>
    public static QueryRequest Query(string pk, Dictionary<string, AttributeValue>? after) => new()
    {
        TableName = SdkClient.Table,
        KeyConditionExpression = "#pk = :pk",
        ExpressionAttributeNames = new() { ["#pk"] = "pk" },
        ExpressionAttributeValues = new() { [":pk"] = new() { S = pk } },
        ConsistentRead = true,
        ExclusiveStartKey = after,
        ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
    };

    protected override async Task<string?> ReadPageAsync(string pk, string? after, Dictionary<string, string> hashes)
    {
        QueryResponse page = await _client.QueryAsync(Query(pk, after is null ? null : Key(pk, after)));
        foreach (Dictionary<string, AttributeValue> record in page.Items ?? [])
        {
            if (record.TryGetValue("id", out AttributeValue? id))
            {
                hashes[id.S] = record["contentHash"].S;
            }
        }

        return page.LastEvaluatedKey is { Count: > 0 } last ? last["sk"].S : null;
    }

    protected override Task WriteBatchAsync(string pk, string day, string now, PeerItem[] items, ReadOnlyMemory<int> ordinals)
    {
        var writes = new List<WriteRequest>(ordinals.Length);
        foreach (int ordinal in ordinals.Span)
        {
            writes.Add(new WriteRequest(new PutRequest(SdkMapping.ToAttributes(items[ordinal], pk, day, now, ordinal))));
        }

        return WriteAsync();

        async Task WriteAsync()
        {
            BatchWriteItemResponse response = await _client.BatchWriteItemAsync(
                new BatchWriteItemRequest { RequestItems = new() { [SdkClient.Table] = writes }, ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL });
            if (response.UnprocessedItems is { Count: > 0 })
            {
                throw new InvalidOperationException("The stub left something unprocessed.");
            }
        }
    }

    protected override Task UpdateHeaderAsync(string pk, HeaderUpdate update)
    {
        var values = new Dictionary<string, AttributeValue>();
        foreach ((string type, string value) in update.Values())
        {
            values[string.Create(CultureInfo.InvariantCulture, $":{values.Count}")] = type == "N" ? new() { N = value } : new() { S = value };
        }

        return _client.UpdateItemAsync(new UpdateItemRequest
        {
            TableName = SdkClient.Table,
            Key = Key(pk, "HEADER"),
            UpdateExpression = HeaderUpdate.Changes,
            ConditionExpression = HeaderUpdate.Condition,
            ExpressionAttributeNames = HeaderUpdate.Names.ToDictionary(static name => "#" + name),
            ExpressionAttributeValues = values,
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        });
    }

    private static Dictionary<string, AttributeValue> Key(string pk, string sk) => new() { ["pk"] = new() { S = pk }, ["sk"] = new() { S = sk } };
}
