using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class PoisonItemTests
{
    // 2 × log2(25) + 2.
    private const int MaxExtraCalls = 11;

    private static readonly Fault Refusal = Fault.Error("ValidationException", $"One or more parameter values were invalid: {FaultScenario.SecretMarker} title");

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(24)]
    [FaultRow(17, "One poison item of 25 makes the whole batch refused", "It is isolated by bisection: 24 stored, one failed, at most 11 extra requests; the echo of its content is never logged.")]
    public async Task One_poison_item_is_isolated_and_its_neighbours_are_stored(int poison)
    {
        await using var scenario = FaultScenario.Start();
        DigestItem[] items = FaultScenario.Items(25);
        scenario.Server.On("BatchWriteItem").When(write => write.Titles().Contains(items[poison].Title)).Answer(Refusal);

        StoreResult result = await scenario.StoreAsync(items);

        AssertOnlyFailed(result, poison);
        Assert.Equal(24, scenario.ServerItems().Count);
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 2, 1 + MaxExtraCalls);
        Assert.Equal(1, scenario.Server.Requests.CountOf("UpdateItem"));
    }

    [Fact]
    [FaultRow(17, "One poison item of 1,000", "Only its batch is bisected; the other 39 batches are sent once.")]
    public async Task One_poison_item_costs_only_its_own_batch()
    {
        await using var scenario = FaultScenario.Start();
        DigestItem[] items = FaultScenario.Items(1000);
        scenario.Server.On("BatchWriteItem").When(write => write.Titles().Contains(items[500].Title)).Answer(Refusal);

        StoreResult result = await scenario.StoreAsync(items);

        AssertOnlyFailed(result, 500);
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 41, 40 + MaxExtraCalls);
    }

    [Fact]
    [FaultRow(17, "A poison item, and a throttle while it is being isolated", "Both are handled: the throttled half is retried, the poison item alone fails.")]
    public async Task A_throttle_during_the_isolation_is_retried()
    {
        await using var scenario = FaultScenario.Start();
        DigestItem[] items = FaultScenario.Items(25);
        scenario.Server.On("BatchWriteItem").When(write => write.Number is 2 or 3).Answer(Fault.Throttle());
        scenario.Server.On("BatchWriteItem").When(write => write.Titles().Contains(items[7].Title)).Answer(Refusal);

        StoreResult result = await scenario.StoreAsync(items);

        AssertOnlyFailed(result, 7);
        scenario.AssertWritesAreLegal();
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(17, "One poison item of 25 on a real engine (wrong type for an index's key)", "24 stored, one failed, at most 11 extra requests.")]
    public async Task A_real_engine_refuses_one_item_and_the_others_are_stored(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.WithPoisonousCategoriesAsync(engine);

        StoreResult result = await scenario.StoreAsync(WithPoison(25, 17));

        AssertOnlyFailed(result, 17);
        Assert.Equal(24, (await scenario.ItemsAsync()).Count);
        Assert.InRange(scenario.Wire.CountOf("BatchWriteItem"), 2, 1 + MaxExtraCalls);
        Assert.Equal(1, scenario.Wire.CountOf("UpdateItem"));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(18, "Two poison items in different halves of a batch", "Both are isolated: 23 stored, two failed.")]
    public async Task Two_poison_items_in_different_halves_are_both_isolated(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.WithPoisonousCategoriesAsync(engine);

        StoreResult result = await scenario.StoreAsync(WithPoison(25, 3, 20));

        AssertOnlyFailed(result, 3, 20);
        Assert.Equal(23, (await scenario.ItemsAsync()).Count);
        Assert.InRange(scenario.Wire.CountOf("BatchWriteItem"), 3, 1 + (2 * MaxExtraCalls));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(18, "All 25 items of a batch are poison", "At most 50 requests; the fault is the table's (TableMismatch) and nothing is claimed.")]
    public async Task A_batch_of_nothing_but_poison_is_bounded(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.WithPoisonousCategoriesAsync(engine);

        StoreResult result = await scenario.StoreAsync(WithPoison(25, [.. Enumerable.Range(0, 25)]));

        Assert.Equal((StoreStatus.Failed, 25), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.TableMismatch, problem.Reason));
        Assert.Empty(await scenario.ItemsAsync());
        scenario.AssertRequests(compares: 1, writes: 49, headers: 0);
    }

    [Fact]
    [FaultRow(18, "All 25 items of a later batch are poison", "At most 50 requests for that batch; its neighbours are stored and the reason is RefusedByTable.")]
    public async Task A_batch_of_nothing_but_poison_among_good_ones_costs_only_itself()
    {
        await using EngineScenario scenario = await EngineScenario.WithPoisonousCategoriesAsync(Engine.DynamoDbLocal, options => options.MaxConcurrency = 1);

        StoreResult result = await scenario.StoreAsync(WithPoison(75, [.. Enumerable.Range(25, 25)]));

        AssertOnlyFailed(result, [.. Enumerable.Range(25, 25)]);
        scenario.AssertRequests(compares: 1, writes: 2 + 49, headers: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [FaultRow(18, "Poison items in every one of 40 batches", "Isolation has at most 100 requests per store; what they do not cover fails unsent.")]
    public async Task Poison_everywhere_costs_at_most_100_requests_of_isolation(int workers)
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = workers);
        DigestItem[] items = FaultScenario.Items(1000);
        HashSet<string> poison = [.. items.Where((_, index) => index % 5 == 4).Select(item => item.Title)];
        scenario.Server.On("BatchWriteItem").When(write => write.Titles().Any(poison.Contains)).Answer(Refusal);

        StoreResult result = await scenario.StoreAsync(items);

        Assert.Equal((StoreStatus.PartiallyStored, 1000), (result.Status, result.Inserted + result.Failed));
        Assert.Equal(scenario.ServerItems().Count, result.Inserted);
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 40, 40 + 100);
        Assert.All(Enumerable.Range(0, 1000).Where(index => index % 5 == 4), index => Assert.Equal(DigestItemOutcome.Failed, result.Outcomes[index]));
    }

    private static DigestItem[] WithPoison(int count, params int[] poison)
    {
        // In the order in which they are written, so that what is poison together is in one batch.
        DigestItem[] items = [.. FaultScenario.Items(count).OrderBy(static item => DigestItemId.Create(item.Url))];
        foreach (int index in poison)
        {
            items[index] = items[index] with { Category = $"{FaultScenario.SecretMarker} category" };
        }

        return items;
    }

    private static void AssertOnlyFailed(StoreResult result, params int[] indexes)
    {
        Assert.Equal((StoreStatus.PartiallyStored, result.Received - indexes.Length, indexes.Length), (result.Status, result.Inserted, result.Failed));
        Assert.Equal(indexes, result.Problems.Select(problem => problem.Index!.Value).Order());
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.RefusedByTable, problem.Reason));
    }
}
