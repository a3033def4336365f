using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Promise;

/// <summary>Looks into the table without the library: a proof must not rest on what it proves.</summary>
internal static class StoredDay
{
    public static async Task<int> CountMissingAsync(IAmazonDynamoDB client, string table, DateOnly date, int items, string digest = DigestStoreDefaults.DigestName)
    {
        HashSet<string> missing = [.. SampleItems.Make(items).Select(item => item.Url)];
        var request = new QueryRequest
        {
            TableName = table,
            ConsistentRead = true,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = new AttributeValue { S = PeerItem.PartitionKey(digest, date) } },
        };
        do
        {
            QueryResponse page = await client.QueryAsync(request);
            foreach (Dictionary<string, AttributeValue> record in page.Items ?? [])
            {
                missing.Remove(record.GetValueOrDefault("url")?.S ?? "");
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
        return missing.Count;
    }
}
