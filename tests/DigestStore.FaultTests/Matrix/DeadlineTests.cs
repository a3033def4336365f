using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class DeadlineTests
{
    [Theory]
    [InlineData("silence")]
    [FaultRow(40, "The server accepts and never answers", "Each attempt ends with its own time-out.")]
    [InlineData("100 Continue, then silence")]
    [FaultRow(41, "100 Continue, then silence", "As above.")]
    [InlineData("slow headers")]
    [FaultRow(48, "Headers come byte by byte", "The time-out of the attempt covers the headers.")]
    [InlineData("slow body")]
    [InlineData("stalled body")]
    [FaultRow(49, "The body comes byte by byte, or stalls for ever", "The time-out of the attempt covers the body.")]
    public async Task An_answer_that_does_not_come_ends_with_the_attempt_timeout(string answer)
    {
        foreach (string operation in new[] { "Query", "BatchWriteItem" })
        {
            await using var scenario = FaultScenario.StartOnVirtualTime(options => options.AttemptTimeout = TimeSpan.FromSeconds(3));
            scenario.Server.On(operation).Answer(Of(answer));

            StoreResult result = await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(30));

            Assert.Equal(StoreStatus.Failed, result.Status);
            Assert.Equal(30, result.Failed);
            Assert.InRange(scenario.Server.Requests.CountOf(operation), 3, operation == "Query" ? 3 : 2 * 3);
            Assert.InRange(result.Duration, 3 * scenario.Options.AttemptTimeout, (3 * scenario.Options.AttemptTimeout) + (3 * scenario.Options.MaxRetryDelay));
            StoreProblemReason expected = operation == "Query" ? StoreProblemReason.CompareUnavailable : StoreProblemReason.OutcomeUnknown;
            Assert.All(result.Problems, problem => Assert.Equal(expected, problem.Reason));
        }
    }

    [Theory]
    [InlineData("latency")]
    [InlineData("low bandwidth")]
    [InlineData("sliced")]
    [FaultRow(52, "Latency of 0.5 s a call, 10 KB/s, or answers in slices of 7 bytes", "The store finishes, or ends at its deadline with true counts.")]
    public async Task A_slow_network_is_survived(string network)
    {
        await using var scenario = FaultScenario.StartOnVirtualTime();
        await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(30));
        int before = scenario.Server.Requests.Count;
        scenario.Server.OnAny().Answer(network switch
        {
            "latency" => Fault.Delay(TimeSpan.FromSeconds(0.5)),
            "low bandwidth" => Fault.SlowAnswer(512, TimeSpan.FromMilliseconds(50)),
            _ => Fault.SlowAnswer(7, TimeSpan.Zero),
        });

        StoreResult result = await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(100));

        Assert.Equal((StoreStatus.Stored, 70, 30), (result.Status, result.Inserted, result.Unchanged));
        Assert.Equal(5, scenario.Server.Requests.Count - before);
        Assert.Equal(100, scenario.ServerItems().Count);
        TimeSpan least = network switch
        {
            // Compare, write and header come one after the other; the page of 30 items has more than 10 KB.
            "latency" => TimeSpan.FromSeconds(1.5),
            "low bandwidth" => TimeSpan.FromSeconds(1),
            _ => TimeSpan.Zero,
        };
        Assert.True(result.Duration >= least, $"took {result.Duration}");
    }

    [Fact]
    [FaultRow(52, "Latency of 0.5 s a call, 10 KB/s, or answers in slices of 7 bytes", "The store finishes, or ends at its deadline with true counts.")]
    public async Task A_network_that_is_too_slow_ends_at_the_deadline_with_true_counts()
    {
        await using var scenario = FaultScenario.StartOnVirtualTime(options =>
        {
            options.Deadline = TimeSpan.FromSeconds(14);
            options.MaxConcurrency = 1;
        });
        scenario.Server.OnAny().Answer(Fault.Delay(TimeSpan.FromSeconds(3)));

        StoreResult result = await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(250));

        // The compare and three batches of three seconds each; the fourth is under way.
        Assert.Equal((StoreStatus.PartiallyStored, 75, 175), (result.Status, result.Inserted, result.Failed));
        Assert.Equal(scenario.Options.Deadline, result.Duration);
        Assert.All(result.Problems.Where(problem => problem.Outcome == DigestItemOutcome.Failed), problem => Assert.Contains(problem.Reason, (StoreProblemReason[])[StoreProblemReason.DeadlineExceeded, StoreProblemReason.OutcomeUnknown, StoreProblemReason.CompareUnavailable]));
    }

    [Fact]
    [FaultRow(56, "The deadline comes while a batch is in flight", "That batch is of unknown outcome, so failed; what was sent before it is stored, what was not is failed.")]
    public async Task A_batch_in_flight_at_the_deadline_is_of_unknown_outcome()
    {
        var held = new TaskCompletionSource();
        await using var scenario = FaultScenario.StartOnVirtualTime(options =>
        {
            options.Deadline = TimeSpan.FromSeconds(6);
            options.AttemptTimeout = TimeSpan.FromSeconds(10);
            options.MaxConcurrency = 1;
        });
        scenario.Server.On("BatchWriteItem").Nth(2).Answer(Fault.Applied(Fault.Hold(held.Task)));

        StoreResult result = await scenario.StoreOnVirtualTimeAsync(FaultScenario.Items(75));
        int requests = scenario.Server.Requests.Count;
        held.SetResult();

        Assert.Equal(StoreStatus.PartiallyStored, result.Status);
        Assert.Equal((25, 50), (result.Inserted, result.Failed));
        Assert.Equal(25, result.Problems.Count(problem => problem.Reason == StoreProblemReason.OutcomeUnknown));
        Assert.Equal(25, result.Problems.Count(problem => problem.Reason == StoreProblemReason.DeadlineExceeded));
        Assert.Equal(50, scenario.ServerItems().Count);
        await Quiet.AfterAsync(scenario.Server, requests);
    }

    private static Fault Of(string answer) => answer switch
    {
        "silence" => Fault.Stall(),
        "100 Continue, then silence" => Fault.ContinueThenStall(),
        "slow headers" => Fault.SlowAnswer(1, TimeSpan.FromMilliseconds(200)),
        "slow body" => Fault.SlowBody(1, TimeSpan.FromMilliseconds(600)),
        _ => Fault.StallInBody(),
    };
}
