using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Capacity;

/// <summary>Writes every item it is given, every time, and asks nothing before; it keeps no header.</summary>
internal static class PutEverything
{
    public static async Task<CapacityCost> StoreAsync(IAmazonDynamoDB client, string table, DateOnly date, DigestItem[] items)
    {
        double units = 0;
        int requests = 0;
        PeerItem[] peers = PeerItem.Of(items);
        for (int from = 0; from < peers.Length; from += BatchPeer.BatchSize)
        {
            int to = Math.Min(from + BatchPeer.BatchSize, peers.Length);
            var writes = new List<WriteRequest>(to - from);
            for (int index = from; index < to; index++)
            {
                writes.Add(new WriteRequest(new PutRequest(SdkMapping.ToAttributes(
                    peers[index], PeerItem.PartitionKey("all", date), PeerItem.Date(date), PeerItem.Instant(DateTimeOffset.UtcNow), index))));
            }

            BatchWriteItemResponse response = await client.BatchWriteItemAsync(
                new BatchWriteItemRequest { RequestItems = new() { [table] = writes }, ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL });
            units += response.ConsumedCapacity.Sum(static capacity => capacity.CapacityUnits ?? 0);
            requests++;
        }

        return new CapacityCost(requests, units, 0);
    }
}
