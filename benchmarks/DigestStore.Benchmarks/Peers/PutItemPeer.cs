using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The SDK's PutItem, one by one or several at once.</summary>
internal sealed class PutItemPeer(Uri url, int atOnce) : IStorePeer
{
    private readonly AmazonDynamoDBClient _client = SdkClient.Create(url);

    public string Name => atOnce == 1 ? "SDK PutItem one by one" : $"SDK PutItem, {atOnce} at once";

    public int SinglesAtOnce => atOnce;

    public Func<Task> Prepare(DateOnly date, PeerItem[] items) => () => Parallel.ForEachAsync(
        Enumerable.Range(0, items.Length),
        new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (index, token) => await _client.PutItemAsync(
            new PutItemRequest
            {
                TableName = SdkClient.Table,
                Item = SdkMapping.ToAttributes(
                    items[index], PeerItem.PartitionKey($"put-{atOnce}", date), PeerItem.Date(date), PeerItem.Instant(DateTimeOffset.UtcNow), index),
            },
            token));

    public void Dispose() => _client.Dispose();
}
