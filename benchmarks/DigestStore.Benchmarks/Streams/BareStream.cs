using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Streams;

/// <summary>The least that an application can do with the SDK: batches of 25 from the stream, mapped by hand, so many at once, nothing checked.</summary>
internal static class BareStream
{
    public static Task StoreAsync(IAmazonDynamoDB client, DateOnly date, IAsyncEnumerable<DigestItem> items, int atOnce) => Parallel.ForEachAsync(
        BatchesAsync(items),
        new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (batch, token) => await StoreAsync(client, date, batch.First, batch.Items, token));

    public static async Task StoreAsync(IAmazonDynamoDB client, DateOnly date, int first, IReadOnlyList<DigestItem> items, CancellationToken cancellationToken = default)
    {
        string pk = PeerItem.PartitionKey("bare", date);
        string day = PeerItem.Date(date);
        string now = PeerItem.Instant(DateTimeOffset.UtcNow);
        var writes = new List<WriteRequest>(items.Count);
        for (int index = 0; index < items.Count; index++)
        {
            // Any unique id of the length that DigestStore's has; it costs no hash.
            string id = (first + index).ToString("x32", CultureInfo.InvariantCulture);
            var peer = new PeerItem(items[index], id, items[index].Url, id);
            writes.Add(new WriteRequest(new PutRequest(SdkMapping.ToAttributes(peer, pk, day, now, first + index))));
        }

        await client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [SdkClient.Table] = writes } }, cancellationToken);
    }

    private static async IAsyncEnumerable<(int First, List<DigestItem> Items)> BatchesAsync(IAsyncEnumerable<DigestItem> items)
    {
        int first = 0;
        var batch = new List<DigestItem>(BatchPeer.BatchSize);
        await foreach (DigestItem item in items)
        {
            batch.Add(item);
            if (batch.Count == BatchPeer.BatchSize)
            {
                yield return (first, batch);
                first += batch.Count;
                batch = new List<DigestItem>(BatchPeer.BatchSize);
            }
        }

        if (batch.Count > 0)
        {
            yield return (first, batch);
        }
    }
}
