using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>Whether the peers that claim to do the same work as DigestStore send the same requests and leave the same table.</summary>
internal static class SameWorkCheck
{
    // Not a multiple of 25, so that the last batch is shorter.
    private const int Items = 190;

    // What two stores of the same items never have in common.
    private static readonly string[] Varying = ["createdAt", "updatedAt", "storedAt", "lastRunId", "correlationId"];

    /// <summary>Returns what was checked, and throws if it is not so.</summary>
    public static async Task<string> RunAsync(StubProcess stub, Dates dates, (IStorePeer Peer, string Digest)[] peers)
    {
        PeerItem[] items = PeerItem.Make(Items);
        DateOnly date = dates.Next();
        using AmazonDynamoDBClient client = SdkClient.Create(stub.Url);
        using var ours = new DigestStorePeer(stub.Url);
        List<string> expected = await DescribeAsync(ours, DigestStoreDefaults.DigestName);
        foreach ((IStorePeer peer, string digest) in peers)
        {
            List<string> found = await DescribeAsync(peer, digest);
            if (expected.Except(found).Concat(found.Except(expected)).FirstOrDefault() is { } difference)
            {
                throw new InvalidOperationException($"'{peer.Name}' does not do the same work as DigestStore. Only one of them has: {difference}");
            }
        }

        return $"Checked: {string.Join("; ", peers.Select(static checkedPeer => $"\"{checkedPeer.Peer.Name}\""))} send the same requests as DigestStore for {Items} new items and for the same items again, and leave the same {Items + 1} records.";

        // The requests and the table after a store, and after the same store again.
        async Task<List<string>> DescribeAsync(IStorePeer peer, string digest)
        {
            var lines = new List<string>();
            Func<Task> store = peer.Prepare(date, items);
            foreach (string time in (string[])["new", "again"])
            {
                await stub.TakeCountersAsync();
                await store();
                StubCounters counters = await stub.TakeCountersAsync();
                lines.Add($"{time}: {counters.Query} Query, {counters.BatchWriteItem} BatchWriteItem, {counters.UpdateItem} UpdateItem of {counters.Requests} requests");
                QueryResponse day = await client.QueryAsync(SdkSameWork.Query(PeerItem.PartitionKey(digest, date), null));
                lines.AddRange(day.Items.Select(record => $"{time}: {Text(record).Replace($"#{digest}#", "#", StringComparison.Ordinal)}"));
            }

            return lines;
        }
    }

    private static string Text(Dictionary<string, AttributeValue> record) => string.Join(
        ", ", record.OrderBy(static attribute => attribute.Key, StringComparer.Ordinal).Select(static attribute => $"{attribute.Key}={(Varying.Contains(attribute.Key) ? "…" : Text(attribute.Value))}"));

    private static string Text(AttributeValue value) => value.S is { } text ? $"\"{text}\"" : value.N ?? $"[{string.Join(' ', value.L.Select(Text))}]";
}
