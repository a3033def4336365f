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
        string run = Guid.NewGuid().ToString("N");
        string number = count.ToString(CultureInfo.InvariantCulture);
        return new UpdateItemRequest
        {
            TableName = SdkClient.Table,
            Key = Key(pk, Header),
            UpdateExpression =
                "SET #date = :0, #v = :1, #lastStoreStatus = :2, #storedAt = :3, #lastRunId = :4, #correlationId = :5, #idRules = :6, #status = if_not_exists(#status, :7), " +
                "#gsi1pk = if_not_exists(#gsi1pk, :8), #gsi1sk = :0 REMOVE #expiresAt ADD #runs :1, #nextOrdinal :9, #inserted :9",
            ConditionExpression = "(#lastRunId <> :4 AND (attribute_not_exists(#v) OR #v <= :1) AND #status <> :10)",
            ExpressionAttributeNames = new()
            {
                ["#date"] = "date",
                ["#v"] = "v",
                ["#lastStoreStatus"] = "lastStoreStatus",
                ["#storedAt"] = "storedAt",
                ["#lastRunId"] = "lastRunId",
                ["#correlationId"] = "correlationId",
                ["#idRules"] = "idRules",
                ["#status"] = "status",
                ["#gsi1pk"] = "gsi1pk",
                ["#gsi1sk"] = "gsi1sk",
                ["#expiresAt"] = "expiresAt",
                ["#runs"] = "runs",
                ["#nextOrdinal"] = "nextOrdinal",
                ["#inserted"] = "inserted",
            },
            ExpressionAttributeValues = new()
            {
                [":0"] = new() { S = PeerItem.Date(date) },
                [":1"] = new() { N = "1" },
                [":2"] = new() { S = "complete" },
                [":3"] = new() { S = PeerItem.Instant(DateTimeOffset.UtcNow) },
                [":4"] = new() { S = run },
                [":5"] = new() { S = run },
                [":6"] = new() { S = "1" },
                [":7"] = new() { S = "pending" },
                [":8"] = new() { S = "bare#pending" },
                [":9"] = new() { N = number },
                [":10"] = new() { S = "deleted" },
            },
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
    }

    private static Dictionary<string, AttributeValue> Key(string pk, string sk) => new() { ["pk"] = new() { S = pk }, ["sk"] = new() { S = sk } };
}
