using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.Benchmarks.Capacity;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Delivery;

/// <summary>What people write by hand against the plain SDK to know which links were sent: a marker for each URL, or queries of the last days' items.</summary>
internal sealed class PlainHistory(LocalEngine engine)
{
    private const int KeysPerLookup = 100;

    /// <summary>So many days have items. More days than that are read again, in turn.</summary>
    public const int FilledDays = 7;

    /// <summary>Reads the marker of each URL, and writes it after the email.</summary>
    public async Task<(CapacityCost Lookup, CapacityCost Memory)> MarkersAsync(PeerItem[] items, DateOnly date)
    {
        (int requests, double units) = (0, 0);
        foreach (PeerItem[] chunk in items.Chunk(KeysPerLookup))
        {
            BatchGetItemResponse response = await engine.Client.BatchGetItemAsync(new BatchGetItemRequest
            {
                RequestItems = new() { [engine.Table] = new KeysAndAttributes { Keys = [.. chunk.Select(KeyOf)], ConsistentRead = true } },
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            });
            units += response.ConsumedCapacity.Sum(static capacity => capacity.CapacityUnits ?? 0);
            requests++;
        }

        var lookup = new CapacityCost(requests, 0, units);
        (requests, units) = (0, 0);
        foreach (PeerItem[] chunk in items.Chunk(BatchPeer.BatchSize))
        {
            BatchWriteItemResponse response = await engine.Client.BatchWriteItemAsync(new BatchWriteItemRequest
            {
                RequestItems = new() { [engine.Table] = [.. chunk.Select(item => new WriteRequest(new PutRequest(new Dictionary<string, AttributeValue>(KeyOf(item)) { ["date"] = new(PeerItem.Date(date)) })))] },
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            });
            units += response.ConsumedCapacity.Sum(static capacity => capacity.CapacityUnits ?? 0);
            requests++;
        }

        return (lookup, new CapacityCost(requests, units, 0));
    }

    /// <summary>Stores days of items, as every application of this kind does for its own sake.</summary>
    public async Task FillAsync(DateOnly before, DigestItem[] items)
    {
        for (int day = 1; day <= FilledDays; day++)
        {
            await PutEverything.StoreAsync(engine.Client, engine.Table, before.AddDays(-day), items);
        }
    }

    /// <summary>Reads the items of the last days, one query a day.</summary>
    public async Task<CapacityCost> DaysAsync(DateOnly date, int days)
    {
        (int requests, double units) = (0, 0);
        for (int day = 0; day < days; day++)
        {
            string partition = PeerItem.PartitionKey("all", date.AddDays(-1 - (day % FilledDays)));
            Dictionary<string, AttributeValue>? after = null;
            do
            {
                QueryResponse page = await engine.Client.QueryAsync(new QueryRequest
                {
                    TableName = engine.Table,
                    KeyConditionExpression = "pk = :pk",
                    ExpressionAttributeValues = new() { [":pk"] = new AttributeValue(partition) },
                    ConsistentRead = true,
                    ExclusiveStartKey = after,
                    ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
                });
                units += page.ConsumedCapacity.CapacityUnits ?? 0;
                requests++;
                after = page.LastEvaluatedKey;
            }
            while (after is { Count: > 0 });
        }

        return new CapacityCost(requests, 0, units);
    }

    private static Dictionary<string, AttributeValue> KeyOf(PeerItem item) => new() { ["pk"] = new AttributeValue("URL#" + item.Id), ["sk"] = new AttributeValue("SENT") };
}
