using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Benchmarks.Peers;

/// <summary>BatchWriteItem with one graph of attribute values per worker, filled anew for each batch.</summary>
internal sealed class ReusedGraphPeer(Uri url, int atOnce) : IStorePeer
{
    private readonly AmazonDynamoDBClient _client = SdkClient.Create(url);
    private readonly Dictionary<int, List<WriteRequest>> _graphs = [];

    public string Name => $"the same, {atOnce} at once, one reused graph of attribute values per worker";

    public Func<Task> Prepare(DateOnly date, PeerItem[] items)
    {
        for (int worker = _graphs.Count; worker < atOnce; worker++)
        {
            _graphs[worker] = [.. items.Take(BatchPeer.BatchSize).Select(item => new WriteRequest(new PutRequest(SdkMapping.ToAttributes(item, "", "", "", 0))))];
        }

        return () =>
        {
            int next = -BatchPeer.BatchSize;
            return Task.WhenAll(Enumerable.Range(0, atOnce).Select(worker => WorkAsync(_graphs[worker], date, items, () => Interlocked.Add(ref next, BatchPeer.BatchSize))));
        };
    }

    public void Dispose() => _client.Dispose();

    private async Task WorkAsync(List<WriteRequest> graph, DateOnly date, PeerItem[] items, Func<int> take)
    {
        string pk = PeerItem.PartitionKey("reused", date);
        string day = PeerItem.Date(date);
        for (int from = take(); from < items.Length; from = take())
        {
            string now = PeerItem.Instant(DateTimeOffset.UtcNow);
            int count = Math.Min(BatchPeer.BatchSize, items.Length - from);
            for (int slot = 0; slot < count; slot++)
            {
                Fill(graph[slot].PutRequest.Item, items[from + slot], pk, day, now, from + slot);
            }

            List<WriteRequest> writes = count == graph.Count ? graph : graph.GetRange(0, count);
            await _client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [SdkClient.Table] = writes } });
        }
    }

    private static void Fill(Dictionary<string, AttributeValue> graph, PeerItem peer, string pk, string date, string now, int ordinal)
    {
        DigestItem item = peer.Item;
        graph["pk"].S = pk;
        graph["sk"].S = "ITEM#" + peer.Id;
        graph["id"].S = peer.Id;
        graph["date"].S = date;
        graph["url"].S = item.Url;
        graph["canonicalUrl"].S = peer.CanonicalUrl;
        graph["title"].S = item.Title;
        graph["summary"].S = item.Summary;
        graph["source"].S = item.Source;
        graph["category"].S = item.Category;
        graph["author"].S = item.Author;
        graph["publishedAt"].S = PeerItem.Instant(item.PublishedAt!.Value);
        graph["createdAt"].S = now;
        graph["updatedAt"].S = now;
        graph["ordinal"].N = ordinal.ToString(CultureInfo.InvariantCulture);
        graph["contentHash"].S = peer.ContentHash;
        for (int index = 0; index < item.Tags.Count; index++)
        {
            graph["tags"].L[index].S = item.Tags[index];
        }
    }
}
