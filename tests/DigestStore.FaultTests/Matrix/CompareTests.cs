using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class CompareTests
{
    public static TheoryData<int, string> Outages => new MatrixTheoryData<int, string>([10, 100], ["throttled", "denied", "stalled"]);

    [Theory]
    [MemberData(nameof(Outages))]
    [FaultRow(96, "What is stored cannot be read (throttled for ever, denied, stalled) while writes would work", "Nothing is written blindly: every item fails as CompareUnavailable and goes to the dead-letter sink.")]
    public async Task Nothing_is_written_over_what_could_not_be_read(int items, string outage)
    {
        var letters = new CollectingSink();
        await using var scenario = FaultScenario.StartOnVirtualTime(options => options.AttemptTimeout = TimeSpan.FromSeconds(3), letters);
        scenario.Server.OnAny().When(request => request.Operation is "Query" or "BatchGetItem").Answer(outage switch
        {
            "throttled" => Fault.Throttle(),
            "denied" => Fault.Error("AccessDeniedException"),
            _ => Fault.Stall(),
        });

        StoreResult result = await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(items));

        Assert.Equal((StoreStatus.Failed, items, items), (result.Status, result.Failed, result.DeadLettered));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.CompareUnavailable, problem.Reason));
        Assert.Equal(items, letters.Letters.Count);
        Assert.Equal(0, scenario.Server.Requests.CountOf("BatchWriteItem") + scenario.Server.Requests.CountOf("UpdateItem"));
    }

    [Fact]
    [FaultRow(97, "The table refuses every batch as invalid", "One batch is bisected; then the fault is the table's and all stops.")]
    public async Task A_table_that_refuses_every_batch_is_bisected_once()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Error("ValidationException"));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1_000));

        Assert.Equal((StoreStatus.Failed, 1_000), (result.Status, result.Failed));
        Assert.Equal(StoreProblemReason.TableMismatch, result.Problems[0].Reason);
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 1, DigestStoreDefaults.MaxConcurrency + (2 * DigestStoreDefaults.BatchSize));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal, 10)]
    [InlineData(Engine.DynamoDbLocal, 100)]
    [InlineData(Engine.Dynalite, 10)]
    [InlineData(Engine.Dynalite, 100)]
    [FaultRow(97, "The table has other keys than the library's", "One request finds it out.")]
    public async Task A_table_with_other_keys_is_found_out_at_once(Engine engine, int items)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        string name = table.Name + "-other";
        await table.Client.CreateTableAsync(new CreateTableRequest
        {
            TableName = name,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new AttributeDefinition("id", ScalarAttributeType.N)],
            KeySchema = [new KeySchemaElement("id", KeyType.HASH)],
        });
        await table.WaitUntilActiveAsync(name);
        using var repository = new DigestRepository(table.Client, new DigestStoreOptions { TableName = name }, new DigestStoreServices { LoggerFactory = table.Log });

        StoreResult result = await repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(items), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((StoreStatus.Failed, items, 1), (result.Status, result.Failed, result.Cost.Requests));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.TableMismatch, problem.Reason));
        await table.Client.DeleteTableAsync(name, TestContext.Current.CancellationToken);
    }
}
