using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ThrottlingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [FaultRow(1, "One batch is throttled once", "It is sent again after a back-off; the other batches are sent once.")]
    public async Task A_batch_that_is_throttled_once_is_stored_with_one_retry(int batch)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Nth(batch).Answer(Fault.Throttle()).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(100));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(100, result.Inserted);
        Assert.Equal(1, result.Cost.Retries);
        Assert.Equal(7, result.Cost.Requests);
        scenario.AssertRequests(compares: 1, writes: 5, headers: 1);
        Assert.Equal(125, scenario.Writes().Sum(write => write.Keys().Count));
        Assert.Equal(100, scenario.Writes().SelectMany(write => write.Keys()).Distinct().Count());
    }

    [Fact]
    [FaultRow(1, "One batch is throttled once", "The retry waits at least half of the throttling back-off.")]
    public async Task The_retry_of_a_throttled_batch_waits_for_the_back_off()
    {
        await using var scenario = FaultScenario.Start(options => options.ThrottleDelay = options.MaxRetryDelay = TimeSpan.FromMilliseconds(200));
        scenario.Server.On("BatchWriteItem").Answer(Fault.Throttle()).Once();

        await scenario.StoreAsync(FaultScenario.Items(5));

        IReadOnlyList<RecordedRequest> writes = scenario.Writes();
        Assert.True(writes[1].At - writes[0].At >= TimeSpan.FromMilliseconds(95), $"retried after {writes[1].At - writes[0].At}");
    }

    [Theory]
    [InlineData("ProvisionedThroughputExceededException", 400)]
    [InlineData("ThrottlingException", 400)]
    [InlineData("Throttling", 400)]
    [InlineData("RequestLimitExceeded", 400)]
    [InlineData("TooManyRequestsException", 429)]
    [InlineData("SlowDown", 503)]
    [FaultRow(2, "Throttling under its other names (ThrottlingException, RequestLimitExceeded and the like)", "The same as throttling: back-off and retry.")]
    public async Task Every_name_of_throttling_is_retried_and_ends_as_throttled(string code, int status)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Error(code, FaultScenario.SecretMarker, status)).Once();
        StoreResult once = await scenario.StoreAsync(FaultScenario.Items(10));
        Assert.Equal((StoreStatus.Stored, 1), (once.Status, once.Cost.Retries));
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);

        scenario.Server.On("BatchWriteItem").Answer(Fault.Error(code, FaultScenario.SecretMarker, status));
        StoreResult always = await scenario.StoreAsync(FaultScenario.Items(10, from: 100));

        Assert.Equal((StoreStatus.Failed, 10), (always.Status, always.Failed));
        Assert.All(always.Problems, problem => Assert.Equal(StoreProblemReason.Throttled, problem.Reason));
        scenario.AssertRequests(compares: 2, writes: 5, headers: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [FaultRow(3, "Every batch is throttled for ever", "The store gives up after the attempts of the batches under way; the other batches are never sent.")]
    public async Task Throttling_without_end_costs_the_attempts_of_the_workers_and_not_of_every_batch(int workers)
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = workers);
        scenario.Server.On("BatchWriteItem").Answer(Fault.Throttle());

        var time = RealTime.Start();
        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000));

        time.AssertWithin(3 * scenario.Options.MaxRetryDelay, result.Duration);
        Assert.Equal((StoreStatus.Failed, 1000), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.Throttled, problem.Reason));
        Assert.InRange(scenario.Server.Requests.CountOf("BatchWriteItem"), 3, 3 * workers);
        Assert.Equal(0, scenario.Server.Requests.CountOf("UpdateItem"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [FaultRow(3, "Every batch is throttled for ever", "A single batch is sent MaxAttempts times.")]
    public async Task Throttling_without_end_costs_one_batch_exactly_its_attempts(int attempts)
    {
        await using var scenario = FaultScenario.Start(options => options.MaxAttempts = attempts);
        scenario.Server.On("BatchWriteItem").Answer(Fault.Throttle());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(25));

        Assert.Equal(25, result.Failed);
        scenario.AssertRequests(compares: 1, writes: attempts, headers: 0);
    }

    [Fact]
    [FaultRow(3, "Every batch is throttled for ever", "What was stored before the throttling set in is counted as stored; no request is spent on the header.")]
    public async Task Throttling_that_sets_in_midway_leaves_the_first_batches_stored()
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        scenario.Server.On("BatchWriteItem").From(4).Answer(Fault.Throttle());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(1000));

        Assert.Equal((StoreStatus.PartiallyStored, 75, 925), (result.Status, result.Inserted, result.Failed));
        Assert.Equal(75, scenario.ServerItems().Count);
        Assert.Contains(result.Problems, problem => problem.Reason == StoreProblemReason.Throttled);
        scenario.AssertRequests(compares: 1, writes: 6, headers: 0);
    }

    [Theory]
    [InlineData("BatchWriteItem")]
    [InlineData("BatchGetItem")]
    [InlineData("UpdateItem")]
    [FaultRow(4, "A bare 429 with an empty body", "It is throttling: back-off and retry, though the SDK would not.")]
    public async Task A_bare_429_is_throttling(string operation)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On(operation).Answer(Fault.Status(429)).Times(2);

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(10));

        Assert.Equal((StoreStatus.Stored, 10, 2), (result.Status, result.Inserted, result.Cost.Retries));
        Assert.Empty(result.Problems);
        Assert.Equal(5, scenario.Server.Requests.Count);
    }

    [Fact]
    [FaultRow(4, "A bare 429 with an empty body", "For ever, it ends as throttled after MaxAttempts.")]
    public async Task A_bare_429_for_ever_ends_as_throttled()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.Status(429));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(10));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.Throttled, problem.Reason));
        scenario.AssertRequests(compares: 1, writes: 3, headers: 0);
    }
}
