using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.Records;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>A table of its own on a real engine, with the oracle that every row of the matrix must satisfy.</summary>
internal sealed class EngineScenario : IAsyncDisposable
{
    private readonly DigestStoreOptions _options;
    private readonly AmazonDynamoDBClient _tapped;

    private EngineScenario(Engine engine, Action<DigestStoreOptions>? configure)
    {
        Admin = Engines.CreateClient(engine.Uri());
        _tapped = new AmazonDynamoDBClient(
            new BasicAWSCredentials("test", "test"),
            new AmazonDynamoDBConfig
            {
                ServiceURL = engine.Uri().AbsoluteUri,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
                MaxStaleConnectionRetries = 0,
                AllowAutoRedirect = false,
                HttpClientFactory = Wire,
            });
        _options = new DigestStoreOptions
        {
            TableName = $"faults-{Guid.NewGuid():N}",
            AttemptTimeout = TimeSpan.FromSeconds(20),
            RetryDelay = TimeSpan.FromMilliseconds(5),
            ThrottleDelay = TimeSpan.FromMilliseconds(10),
            MaxRetryDelay = TimeSpan.FromMilliseconds(50),
        };
        configure?.Invoke(_options);
        _options.AttemptTimeout = _options.AttemptTimeout < _options.Deadline ? _options.AttemptTimeout : _options.Deadline;
        Repository = new DigestRepository(_tapped, _options, new DigestStoreServices { LoggerFactory = Log });
    }

    /// <summary>A client past the tap.</summary>
    public IAmazonDynamoDB Admin { get; }

    public WireTap Wire { get; } = new();

    public DigestRepository Repository { get; }

    public RecordingLoggerFactory Log { get; } = new();

    public string TableName => _options.TableName;

    public static async Task<EngineScenario> StartAsync(Engine engine, Action<DigestStoreOptions>? configure = null)
    {
        EngineScenario scenario = WithoutTable(engine, configure);
        await DigestTable.EnsureCreatedAsync(scenario.Admin, scenario._options, TestContext.Current.CancellationToken);
        return scenario;
    }

    public static EngineScenario WithoutTable(Engine engine, Action<DigestStoreOptions>? configure = null) => new(engine, configure);

    /// <summary>A table with an index over a number where the records have a text: every item with a category is poison.</summary>
    public static async Task<EngineScenario> WithPoisonousCategoriesAsync(Engine engine, Action<DigestStoreOptions>? configure = null)
    {
        EngineScenario scenario = WithoutTable(engine, configure);
        await scenario.Admin.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = scenario.TableName,
                BillingMode = BillingMode.PAY_PER_REQUEST,
                AttributeDefinitions = [new("pk", ScalarAttributeType.S), new("sk", ScalarAttributeType.S), new("category", ScalarAttributeType.N)],
                KeySchema = [new("pk", KeyType.HASH), new("sk", KeyType.RANGE)],
                GlobalSecondaryIndexes =
                [
                    new GlobalSecondaryIndex
                    {
                        IndexName = "by-category",
                        KeySchema = [new("category", KeyType.HASH)],
                        Projection = new Amazon.DynamoDBv2.Model.Projection { ProjectionType = ProjectionType.ALL },
                    },
                ],
            },
            TestContext.Current.CancellationToken);
        await scenario.WaitForTableAsync();
        return scenario;
    }

    /// <summary>Stores, and checks what must hold whatever happens.</summary>
    public async Task<StoreResult> StoreAsync(IReadOnlyList<DigestItem> items, bool tableSurvives = true)
    {
        int requestsBefore = Wire.Count;
        int entriesBefore = Log.Entries.Count;
        var time = RealTime.Start();
        StoreResult result = await Repository.StoreAsync(FaultScenario.Date, items, null, TestContext.Current.CancellationToken);

        time.AssertWithin(_options.Deadline);
        Assert.Equal(items.Count, result.Received);
        Assert.Equal(items.Count, result.Outcomes.Count);
        Assert.Equal(result.Received, result.Inserted + result.Updated + result.Unchanged + result.Duplicates + result.Rejected + result.Failed + result.Skipped);
        Assert.Equal(Wire.Count - requestsBefore, result.Cost.Requests);
        Assert.Single(Log.Entries.Skip(entriesBefore));
        Assert.DoesNotContain(Log.Entries, entry => entry.Message.Contains(FaultScenario.SecretMarker, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(result.Problems, problem => problem.Message.Contains(FaultScenario.SecretMarker, StringComparison.OrdinalIgnoreCase));
        if (tableSurvives)
        {
            await AssertClaimsAreTrueAsync(items, result);
        }

        return result;
    }

    /// <summary>The item records that the engine has.</summary>
    public async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> ItemsAsync()
    {
        var items = new List<Dictionary<string, AttributeValue>>();
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            QueryResponse page = await Admin.QueryAsync(
                new QueryRequest
                {
                    TableName = TableName,
                    KeyConditionExpression = "pk = :pk AND begins_with(sk, :item)",
                    ExpressionAttributeValues = new()
                    {
                        [":pk"] = new() { S = RecordKeys.Partition(_options.DigestName, FaultScenario.Date) },
                        [":item"] = new() { S = RecordKeys.ItemPrefix },
                    },
                    ConsistentRead = true,
                    ExclusiveStartKey = from,
                },
                TestContext.Current.CancellationToken);
            items.AddRange(page.Items ?? []);
            from = page.LastEvaluatedKey is { Count: > 0 } last ? last : null;
        }
        while (from is not null);
        return items;
    }

    public void AssertRequests(int compares, int writes, int headers)
    {
        Assert.Equal((compares, writes, headers), (Wire.CountOf("Query") + Wire.CountOf("BatchGetItem"), Wire.CountOf("BatchWriteItem"), Wire.CountOf("UpdateItem")));
        Assert.Equal(compares + writes + headers, Wire.Count);
    }

    /// <summary>Deletes the table; also from a callback of the library, whose own request this is not.</summary>
    public Task DeleteTableAsync()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(() => Admin.DeleteTableAsync(new DeleteTableRequest { TableName = TableName }, cancellationToken), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Repository.Dispose();
        _tapped.Dispose();
        try
        {
            await Admin.DeleteTableAsync(new DeleteTableRequest { TableName = TableName }, CancellationToken.None);
        }
        catch (AmazonDynamoDBException)
        {
            // The test did without it, or has deleted it.
        }

        Admin.Dispose();
    }

    private async Task WaitForTableAsync()
    {
        for (int poll = 0; poll < 500; poll++)
        {
            DescribeTableResponse response = await Admin.DescribeTableAsync(new DescribeTableRequest { TableName = TableName }, TestContext.Current.CancellationToken);
            if (response.Table.TableStatus == TableStatus.ACTIVE && response.Table.GlobalSecondaryIndexes?.TrueForAll(index => index.IndexStatus == IndexStatus.ACTIVE) != false)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }

        Assert.Fail("The table did not become ready.");
    }

    private async Task AssertClaimsAreTrueAsync(IReadOnlyList<DigestItem> items, StoreResult result)
    {
        HashSet<string> titles = [.. (await ItemsAsync()).Select(item => item["title"].S)];
        for (int index = 0; index < items.Count; index++)
        {
            if (result.Outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged)
            {
                Assert.Contains(items[index].Title, titles);
            }
        }
    }
}
