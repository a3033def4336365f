using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Benchmarks.Peers;

/// <summary>What one writes by hand: each batch sends what came back again after an exponential back-off, and only that.</summary>
internal sealed class PlainRetryPeer(Uri url, int atOnce) : IStorePeer
{
    public const string Digest = "plain";

    private const int MaxDoublings = 6;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);

    private readonly AmazonDynamoDBClient _client = SdkClient.Create(url);

    public string Name => $"plain retry loop, {atOnce} at once, exponential back-off";

    public Func<Task> Prepare(DateOnly date, PeerItem[] items) => () => Parallel.ForEachAsync(
        Enumerable.Range(0, (items.Length + BatchPeer.BatchSize - 1) / BatchPeer.BatchSize),
        new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (batch, token) =>
        {
            Dictionary<string, List<WriteRequest>> left = Requests(date, items, batch * BatchPeer.BatchSize);
            for (int attempt = 0; left.Count > 0; attempt++)
            {
                if (attempt > 0)
                {
                    await Task.Delay(FirstDelay * Math.Pow(2, Math.Min(attempt - 1, MaxDoublings)), token);
                }

                left = (await _client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = left }, token)).UnprocessedItems ?? [];
            }
        });

    public void Dispose() => _client.Dispose();

    private static Dictionary<string, List<WriteRequest>> Requests(DateOnly date, PeerItem[] items, int from)
    {
        string pk = PeerItem.PartitionKey(Digest, date);
        string now = PeerItem.Instant(DateTimeOffset.UtcNow);
        var writes = new List<WriteRequest>(BatchPeer.BatchSize);
        for (int index = from; index < Math.Min(from + BatchPeer.BatchSize, items.Length); index++)
        {
            writes.Add(new WriteRequest(new PutRequest(SdkMapping.ToAttributes(items[index], pk, PeerItem.Date(date), now, index))));
        }

        return new() { [SdkClient.Table] = writes };
    }
}
