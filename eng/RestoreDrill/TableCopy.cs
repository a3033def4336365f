using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace RestoreDrill;

/// <summary>Copies records as they are. In AWS point-in-time recovery does this; DynamoDB Local has none.</summary>
internal static class TableCopy
{
    private const int BatchSize = 25;
    private const int Segments = 8;
    private const int MaxRounds = 20;

    /// <returns>How many records were copied.</returns>
    public static async Task<long> RunAsync(IAmazonDynamoDB client, string from, string to, CancellationToken cancellationToken)
    {
        long[] copied = await Task.WhenAll(Enumerable.Range(0, Segments).Select(segment => Task.Run(() => CopyAsync(client, from, to, segment, cancellationToken), cancellationToken)));
        return copied.Sum();
    }

    /// <summary>A new table as a restore makes it: keys, indexes and capacity of the other one, and none of its other settings.</summary>
    public static async Task CreateAsync(IAmazonDynamoDB client, string like, string name, CancellationToken cancellationToken)
    {
        TableDescription table = (await client.DescribeTableAsync(like, cancellationToken)).Table;
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = name,
                BillingMode = BillingMode.PAY_PER_REQUEST,
                AttributeDefinitions = table.AttributeDefinitions,
                KeySchema = table.KeySchema,
                GlobalSecondaryIndexes = [.. table.GlobalSecondaryIndexes.Select(static index => new GlobalSecondaryIndex { IndexName = index.IndexName, KeySchema = index.KeySchema, Projection = index.Projection })],
            },
            cancellationToken);
    }

    private static async Task<long> CopyAsync(IAmazonDynamoDB client, string from, string to, int segment, CancellationToken cancellationToken)
    {
        long copied = 0;
        var request = new ScanRequest { TableName = from, Segment = segment, TotalSegments = Segments, ConsistentRead = true };
        do
        {
            ScanResponse page = await client.ScanAsync(request, cancellationToken);
            foreach (Dictionary<string, AttributeValue>[] batch in (page.Items ?? []).Chunk(BatchSize))
            {
                await WriteAsync(client, to, [.. batch.Select(static item => new WriteRequest(new PutRequest(item)))], cancellationToken);
                copied += batch.Length;
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });

        return copied;
    }

    private static async Task WriteAsync(IAmazonDynamoDB client, string table, List<WriteRequest> writes, CancellationToken cancellationToken)
    {
        for (int round = 0; writes.Count > 0; round++)
        {
            if (round == MaxRounds)
            {
                throw new InvalidOperationException($"{writes.Count} records were not taken by '{table}' in {MaxRounds} rounds.");
            }

            BatchWriteItemResponse answer = await client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [table] = writes } }, cancellationToken);
            writes = answer.UnprocessedItems?.GetValueOrDefault(table) ?? [];
        }
    }
}
