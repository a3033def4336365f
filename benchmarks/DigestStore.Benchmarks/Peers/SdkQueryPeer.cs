using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The SDK's Query with the items mapped by hand.</summary>
internal sealed class SdkQueryPeer(Uri url, string digest) : IReadPeer
{
    private readonly AmazonDynamoDBClient _client = SdkClient.Create(url);

    public string Name => AllPeers.BareSdk;

    // Reads the day of another peer.
    public Task SeedAsync(DateOnly date, PeerItem[] items) => Task.CompletedTask;

    public async Task<int> ReadAsync(DateOnly date)
    {
        var items = new List<StoredDigestItem>();
        Dictionary<string, AttributeValue>? after = null;
        do
        {
            QueryResponse response = await _client.QueryAsync(SdkSameWork.Query(PeerItem.PartitionKey(digest, date), after));
            foreach (Dictionary<string, AttributeValue> attributes in response.Items ?? [])
            {
                if (SdkMapping.FromAttributes(attributes, date) is { } item)
                {
                    items.Add(item);
                }
            }

            after = response.LastEvaluatedKey;
        }
        while (after is { Count: > 0 });
        return items.Count;
    }

    public void Dispose() => _client.Dispose();
}
