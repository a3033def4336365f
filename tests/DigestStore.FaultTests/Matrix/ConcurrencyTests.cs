using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ConcurrencyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(65, "Two writers store the same page on the same date with different titles", "One item is left, the last writer's; neither writer sees an error.")]
    public async Task Two_writers_of_one_page_leave_one_item(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        using DigestRepository other = table.NewRepository();
        DigestItem first = FaultScenario.Items(1)[0];
        DigestItem second = first with { Title = "the other writer's" };

        StoreResult[] results = await Task.WhenAll(
            table.Repository.StoreAsync(FaultScenario.Date, [first], cancellationToken: Token),
            other.StoreAsync(FaultScenario.Date, [second], cancellationToken: Token));

        Assert.All(results, result => Assert.Equal(StoreStatus.Stored, result.Status));
        StoredDigestItem stored = Assert.Single(await table.ReadAsync());
        Assert.Contains(stored.Item.Title, new[] { first.Title, second.Title });
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(66, "100 stores run in parallel on one instance", "Each stores its own items and reports its own counts.")]
    public async Task A_hundred_parallel_stores_do_not_disturb_one_another(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);

        StoreResult[] results = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => Task.Run(
            () => table.Repository.StoreAsync(FaultScenario.Date.AddDays(n % 10), FaultScenario.Items(3, from: 3 * n), cancellationToken: Token))));

        Assert.All(results, result => Assert.Equal((StoreStatus.Stored, 3, 3), (result.Status, result.Received, result.Inserted)));
        for (int day = 0; day < 10; day++)
        {
            Assert.Equal(30, (await table.ReadAsync(FaultScenario.Date.AddDays(day))).Count);
        }
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(67, "A reader reads while a writer writes", "Every item that it sees is whole, and none comes twice.")]
    public async Task A_reader_never_sees_half_of_an_item(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        Task writing = Task.Run(async () =>
        {
            for (int version = 0; version < 8; version++)
            {
                string mark = $"version {version}";
                await table.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(40).Select(item => item with { Title = mark, Summary = mark }), cancellationToken: Token);
            }
        });

        do
        {
            Digest digest = await table.ReadAsync();
            Assert.All(digest, item => Assert.Equal(item.Item.Title, item.Item.Summary));
            Assert.Equal(digest.Count, digest.Select(item => item.Id).Distinct().Count());
        }
        while (!writing.IsCompleted);
        await writing;
    }

    [Fact]
    [FaultRow(68, "Another client has drained the SDK's retry budget for the endpoint", "The store's own retries do not lean on it.")]
    public async Task A_drained_retry_budget_of_the_sdk_does_not_stop_the_retries()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("GetItem").Answer(Fault.InternalServerError());
        using var other = new AmazonDynamoDBClient(
            new BasicAWSCredentials("test", "test"),
            new AmazonDynamoDBConfig { ServiceURL = scenario.Server.Uri.AbsoluteUri, AuthenticationRegion = "us-east-1", MaxErrorRetry = 3, MaxStaleConnectionRetries = 0 });
        const int Calls = 150;
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(async _ =>
            await Assert.ThrowsAnyAsync<AmazonServiceException>(() => other.GetItemAsync("digests", new() { ["pk"] = new AttributeValue("a"), ["sk"] = new AttributeValue("b") }, Token))));
        Assert.True(scenario.Server.Requests.CountOf("GetItem") < Calls * 4, "the budget was not drained");
        scenario.Server.On("BatchWriteItem").Answer(Fault.InternalServerError()).Times(2);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(10));

        Assert.Equal((StoreStatus.Stored, 2), (result.Status, result.Cost.Retries));
    }
}
