using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The SDK's BatchWriteItem by 25s, one after another or several at once, with the attribute values made by hand.</summary>
internal sealed class BatchPeer(Uri url, int atOnce) : IStorePeer
{
    public const int BatchSize = 25;

    private readonly AmazonDynamoDBClient _client = SdkClient.Create(url);

    public string Name => atOnce == 1 ? "SDK BatchWriteItem, 25s, one after another" : $"SDK BatchWriteItem, 25s, {atOnce} at once";

    public Func<Task> Prepare(DateOnly date, PeerItem[] items) => () => Parallel.ForEachAsync(
        Enumerable.Range(0, (items.Length + BatchSize - 1) / BatchSize),
        new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (batch, token) => await _client.BatchWriteItemAsync(Request(date, items, batch * BatchSize), token));

    public void Dispose() => _client.Dispose();

    private BatchWriteItemRequest Request(DateOnly date, PeerItem[] items, int from)
    {
        string pk = PeerItem.PartitionKey($"batch-{atOnce}", date);
        string day = PeerItem.Date(date);
        string now = PeerItem.Instant(DateTimeOffset.UtcNow);
        int to = Math.Min(from + BatchSize, items.Length);
        var writes = new List<WriteRequest>(to - from);
        for (int index = from; index < to; index++)
        {
            writes.Add(new WriteRequest(new PutRequest(SdkMapping.ToAttributes(items[index], pk, day, now, index))));
        }

        return new BatchWriteItemRequest { RequestItems = new() { [SdkClient.Table] = writes } };
    }
}
