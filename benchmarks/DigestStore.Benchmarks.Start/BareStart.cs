using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Start;

/// <summary>The three requests that DigestStore sends for the first batch of a day, made by hand: what is there, the items, and the day's header. Nothing is checked.</summary>
internal static class BareStart
{
    private const string Header = "HEADER";

    public static async Task StoreAsync(IAmazonDynamoDB client, DateOnly date, DigestItem[] items)
    {
        string pk = PeerItem.PartitionKey("bare", date);
        PeerItem[] peers = [.. items.Select(static (item, index) => PeerOf(item, index))];
        await client.BatchGetItemAsync(LookUp(pk, peers));
        await client.BatchWriteItemAsync(Write(pk, date, peers));
        await client.UpdateItemAsync(UpdateHeader(pk, date, peers.Length));
    }

    // Any unique id of the length that DigestStore's has; it costs no hash.
    private static PeerItem PeerOf(DigestItem item, int index)
    {
        string id = index.ToString("x32", CultureInfo.InvariantCulture);
        return new PeerItem(item, id, item.Url, $"1-{id}{id}");
    }

    private static BatchGetItemRequest LookUp(string pk, PeerItem[] peers)
    {
        var keys = new List<Dictionary<string, AttributeValue>>(peers.Length + 1);
        foreach (PeerItem peer in peers)
        {
            keys.Add(Key(pk, "ITEM#" + peer.Id));
        }

        keys.Add(Key(pk, Header));
        return new BatchGetItemRequest
        {
            RequestItems = new() { [SdkClient.Table] = new KeysAndAttributes { Keys = keys, ConsistentRead = true } },
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
    }

    private static BatchWriteItemRequest Write(string pk, DateOnly date, PeerItem[] peers)
    {
        string day = PeerItem.Date(date);
        string now = PeerItem.Instant(DateTimeOffset.UtcNow);
        var writes = new List<WriteRequest>(peers.Length);
        for (int index = 0; index < peers.Length; index++)
        {
            writes.Add(new WriteRequest(new PutRequest(SdkMapping.ToAttributes(peers[index], pk, day, now, index))));
        }

        return new BatchWriteItemRequest
        {
            RequestItems = new() { [SdkClient.Table] = writes },
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
    }

    // The names, the values and the condition that DigestStore's update has.
    private static UpdateItemRequest UpdateHeader(string pk, DateOnly date, int count)
    {
        var header = new HeaderUpdate("bare", PeerItem.Date(date), PeerItem.Instant(DateTimeOffset.UtcNow), Guid.NewGuid().ToString("N"), count, count);
        var names = new Dictionary<string, string>(HeaderUpdate.Names.Length);
        foreach (string name in HeaderUpdate.Names)
        {
            names.Add("#" + name, name);
        }

        var values = new Dictionary<string, AttributeValue>();
        foreach ((string type, string value) in header.Values())
        {
            values.Add($":{values.Count}", type == "N" ? new AttributeValue { N = value } : new AttributeValue { S = value });
        }

        return new UpdateItemRequest
        {
            TableName = SdkClient.Table,
            Key = Key(pk, Header),
            UpdateExpression = HeaderUpdate.Changes,
            ConditionExpression = HeaderUpdate.Condition,
            ExpressionAttributeNames = names,
            ExpressionAttributeValues = values,
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
    }

    private static Dictionary<string, AttributeValue> Key(string pk, string sk) => new() { ["pk"] = new() { S = pk }, ["sk"] = new() { S = sk } };
}
