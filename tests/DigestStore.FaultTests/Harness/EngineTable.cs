using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>A table of its own in a real engine, the library's own client on it, and what every row must satisfy.</summary>
internal sealed class EngineTable : IAsyncDisposable
{
    private readonly DigestStoreOptions _options;
    private readonly TimeProvider? _time;

    private EngineTable(Engine engine, Action<DigestStoreOptions>? configure, TimeProvider? time)
    {
        Uri endpoint = engine == Engine.Dynalite ? Engines.Dynalite : Engines.DynamoDbLocal;
        Client = Engines.CreateClient(endpoint);
        _time = time;
        _options = new DigestStoreOptions
        {
            ServiceUrl = endpoint.AbsoluteUri,
            TableName = "faults-" + Guid.NewGuid().ToString("N"),
            Deadline = TimeSpan.FromSeconds(60),
            ReadDeadline = TimeSpan.FromSeconds(30),
            AttemptTimeout = TimeSpan.FromSeconds(20),
        };
        configure?.Invoke(_options);
        _options.AttemptTimeout = _options.AttemptTimeout < _options.Deadline ? _options.AttemptTimeout : _options.Deadline;
        Repository = NewRepository();
    }

    public IAmazonDynamoDB Client { get; }

    public DigestRepository Repository { get; }

    public RecordingLoggerFactory Log { get; } = new();

    public string Name => _options.TableName;

    public static async Task<EngineTable> StartAsync(Engine engine, Action<DigestStoreOptions>? configure = null, TimeProvider? time = null)
    {
        var table = new EngineTable(engine, configure, time);
        await DigestTable.EnsureCreatedAsync(table.Client, table._options, TestContext.Current.CancellationToken);
        return table;
    }

    /// <summary>Another process's repository on the same table.</summary>
    public DigestRepository NewRepository(IDeadLetterSink? deadLetters = null) =>
        new(new OwnClientSource(), () => _options, new DigestStoreServices { LoggerFactory = Log, TimeProvider = _time, DeadLetters = deadLetters });

    /// <summary>Stores, and checks that the counts sum, that every claim is true and that there is one log entry without content.</summary>
    public async Task<StoreResult> StoreAsync(IReadOnlyList<DigestItem> items, DateOnly? date = null)
    {
        int entriesBefore = Log.Entries.Count;
        StoreResult result = await Repository.StoreAsync(date ?? FaultScenario.Date, items, cancellationToken: TestContext.Current.CancellationToken);
        await AssertTrueAsync(items, result, date);
        Assert.Single(Log.Entries.Skip(entriesBefore));
        Assert.DoesNotContain(Log.Entries, entry => entry.Message.Contains(FaultScenario.SecretMarker, StringComparison.OrdinalIgnoreCase));
        return result;
    }

    public async Task AssertTrueAsync(IReadOnlyList<DigestItem> items, StoreResult result, DateOnly? date = null)
    {
        Assert.Equal(items.Count, result.Received);
        Assert.Equal(result.Received, result.Inserted + result.Updated + result.Unchanged + result.Duplicates + result.Rejected + result.Failed + result.Skipped);
        HashSet<string> titles = [.. (await ItemsAsync(date)).Select(record => record["title"].S)];
        Assert.All(
            items.Where((_, index) => result.Outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged),
            item => Assert.Contains(item.Title, titles));
    }

    public Task<Digest> ReadAsync(DateOnly? date = null) => Repository.GetAsync(date ?? FaultScenario.Date, TestContext.Current.CancellationToken);

    /// <summary>Puts a record past the library, as another version or another hand would.</summary>
    public Task PutAsync(string sortKey, Dictionary<string, AttributeValue> attributes, DateOnly? date = null) => Client.PutItemAsync(
        Name,
        new Dictionary<string, AttributeValue>(attributes) { ["pk"] = new(KeyOf(date)), ["sk"] = new(sortKey) },
        TestContext.Current.CancellationToken);

    /// <summary>Waits for a further table; its name must begin with this one's.</summary>
    public async Task WaitUntilActiveAsync(string name)
    {
        while ((await Client.DescribeTableAsync(name, TestContext.Current.CancellationToken)).Table.TableStatus != TableStatus.ACTIVE)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }

    public string KeyOf(DateOnly? date = null) => RecordKeys.Partition(_options.DigestName, date ?? FaultScenario.Date);

    public async Task<List<Dictionary<string, AttributeValue>>> ItemsAsync(DateOnly? date = null) =>
        [.. (await RecordsAsync(date)).Where(record => record["sk"].S.StartsWith(RecordKeys.ItemPrefix, StringComparison.Ordinal))];

    public async Task<List<Dictionary<string, AttributeValue>>> RecordsAsync(DateOnly? date = null)
    {
        var records = new List<Dictionary<string, AttributeValue>>();
        Dictionary<string, AttributeValue>? after = null;
        do
        {
            QueryResponse page = await Client.QueryAsync(
                new QueryRequest
                {
                    TableName = Name,
                    KeyConditionExpression = "pk = :pk",
                    ExpressionAttributeValues = new() { [":pk"] = new(KeyOf(date)) },
                    ConsistentRead = true,
                    ExclusiveStartKey = after,
                },
                TestContext.Current.CancellationToken);
            records.AddRange(page.Items ?? []);
            after = page.LastEvaluatedKey;
        }
        while (after is { Count: > 0 });
        return records;
    }

    public async ValueTask DisposeAsync()
    {
        Repository.Dispose();
        await Client.DeleteTableAsync(Name);
        Client.Dispose();
    }
}
