using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class OtherErrorCodeTests
{
    [Theory]
    [InlineData("TransactionConflictException", StoreProblemReason.Unavailable, 3)]
    [InlineData("TransactionInProgressException", StoreProblemReason.Unavailable, 3)]
    [InlineData("ReplicatedWriteConflictException", StoreProblemReason.Unavailable, 3)]
    [InlineData("LimitExceededException", StoreProblemReason.Throttled, 3)]
    [InlineData("BrandNewException", StoreProblemReason.Unavailable, 1)]
    [InlineData("ResourceInUseException", StoreProblemReason.TableNotFound, 1)]
    [FaultRow(34, "LimitExceeded, TransactionConflict, an unknown code", "Conflicts are transient, LimitExceeded is a throttle, and both are retried; the others are permanent and sent once.")]
    public async Task Each_code_has_its_class(string code, StoreProblemReason reason, int sends)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Error(code, FaultScenario.SecretMarker));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal((StoreStatus.Failed, 25), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(reason, problem.Reason));
        scenario.AssertRequests(compares: 1, writes: sends, headers: 0);
    }

    [Theory]
    [InlineData("TransactionConflictException")]
    [InlineData("TransactionInProgressException")]
    [InlineData("ReplicatedWriteConflictException")]
    [InlineData("LimitExceededException")]
    [FaultRow(34, "TransactionConflict and its like, once", "They are retried and all is stored.")]
    public async Task A_conflict_that_passes_is_retried(string code)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Error(code)).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal((StoreStatus.Stored, 25, 1), (result.Status, result.Inserted, result.Cost.Retries));
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);
    }

    [Fact]
    [FaultRow(34, "ItemCollectionSizeLimitExceeded for one item", "It is a refusal like a validation error: isolated, the neighbours are stored.")]
    public async Task A_full_item_collection_is_isolated_like_a_poison_item()
    {
        await using var scenario = FaultScenario.Start();
        DigestItem[] items = FaultScenario.Items(25);
        scenario.Server.On("BatchWriteItem").When(write => write.Titles().Contains(items[4].Title)).Answer(Fault.Error("ItemCollectionSizeLimitExceededException"));

        StoreResult result = await scenario.StoreAsync(items);

        Assert.Equal((StoreStatus.PartiallyStored, 24, 1), (result.Status, result.Inserted, result.Failed));
        Assert.Equal((4, StoreProblemReason.RefusedByTable), (result.Problems[0].Index, result.Problems[0].Reason));
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 2, 12);
    }
}
