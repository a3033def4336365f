using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class CancellationTests
{
    [Fact]
    [FaultRow(54, "Canceled before the call", "Nothing is sent; DigestStoreCanceledException carries the result.")]
    public async Task A_call_that_is_canceled_before_it_begins_sends_nothing()
    {
        await using var scenario = FaultScenario.Start();

        StoreResult result = await scenario.StoreUntilCanceledAsync(FaultScenario.Items(30), new CancellationToken(canceled: true));

        Assert.Equal(30, result.Failed);
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.Canceled, problem.Reason));
        Assert.Equal(0, scenario.Server.Requests.Count);
        Assert.Equal(0, scenario.Server.AcceptedConnections);
    }

    [Theory]
    [InlineData("compare")]
    [InlineData("send")]
    [InlineData("back-off")]
    [InlineData("between batches")]
    [InlineData("re-send")]
    [InlineData("header")]
    [FaultRow(55, "Canceled during compare, a send, a back-off, between batches, or while leftovers are sent again", "Returns at once with true counts; nothing is sent afterwards.")]
    public async Task A_call_that_is_canceled_returns_at_once_and_sends_nothing_more(string moment)
    {
        var held = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        var time = new VirtualTimeProvider();
        await using var scenario = FaultScenario.Start(time: time, configure: options =>
        {
            options.MaxConcurrency = 1;
            options.AttemptTimeout = TimeSpan.FromSeconds(30);
            options.Deadline = TimeSpan.FromSeconds(30);
            if (moment == "back-off")
            {
                options.ThrottleDelay = TimeSpan.FromSeconds(20);
                options.MaxRetryDelay = TimeSpan.FromSeconds(20);
            }
        });
        Script(scenario.Server, moment, Fault.Hold(held.Task), cancel);
        (string operation, int number) = moment switch
        {
            "compare" => ("Query", 1),
            "re-send" => ("BatchWriteItem", 2),
            "header" => ("UpdateItem", 1),
            _ => ("BatchWriteItem", 1),
        };

        Task<StoreResult> store = moment == "header"
            ? scenario.ObserveAsync(FaultScenario.Items(75), () => scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(75), null, cancel.Token))
            : scenario.StoreUntilCanceledAsync(FaultScenario.Items(75), cancel.Token);
        Task arrival = scenario.Server.Requests.ArrivalOfAsync(operation, number);
        await (moment == "re-send" ? time.RunAsync(arrival, () => scenario.Server.IsBusy) : arrival);

        // A back-off has begun when a timer of 10 to 20 s is armed; an answer that the client has not read yet is still in flight.
        for (int wait = 0; wait < 1000 && (scenario.Server.IsBusy || (moment == "back-off" && time.NextTimer > TimeSpan.FromSeconds(25))); wait++)
        {
            // The answer is on a real socket, so only the passing of real time brings it to the client.
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        var canceled = RealTime.Start();
        await cancel.CancelAsync();
        StoreResult result = await store.WaitAsync(TestContext.Current.CancellationToken);
        canceled.AssertWithin(TimeSpan.Zero);
        if (moment == "between batches")
        {
            // A request that was on its way when the token fired may still arrive.
            await Quiet.SettleAsync();
        }

        int requests = scenario.Server.Requests.Count;
        Assert.True(requests <= result.Cost.Requests);
        held.SetResult();

        await Quiet.AfterAsync(scenario.Server, requests, time);
        Assert.True(scenario.Server.Requests.CountOf(operation) <= number + (moment == "between batches" ? 1 : 0));
        if (moment == "header")
        {
            // Every item is stored: the call was not cut short, only its header is not known to be written.
            Assert.Equal(StoreStatus.Stored, result.Status);
            Assert.Equal(StoreProblemReason.HeaderNotWritten, Assert.Single(result.Problems).Reason);
            return;
        }

        Assert.Equal(0, scenario.Server.Requests.CountOf("UpdateItem"));
        Assert.True(result.Failed >= 25);
        bool wasInFlight = result.Problems.Any(problem => problem.Reason == StoreProblemReason.OutcomeUnknown);
        Assert.True(moment is "between batches" || wasInFlight == moment is "send" or "re-send", $"in flight: {wasInFlight}");
        Assert.Contains(result.Problems, problem => problem.Reason == StoreProblemReason.Canceled);
    }

    private static void Script(ScriptedEndpoint server, string moment, Fault hold, CancellationTokenSource cancel)
    {
        switch (moment)
        {
            case "compare":
                server.On("Query").Answer(hold);
                break;
            case "send":
                server.On("BatchWriteItem").Answer(hold);
                break;
            case "back-off":
                server.On("BatchWriteItem").Answer(Fault.Throttle());
                break;
            case "between batches":
                server.On("BatchWriteItem").Nth(1).Answer(Fault.Custom(async (exchange, stop) =>
                {
                    await exchange.SendAsync(exchange.Process(), stop);
                    await cancel.CancelAsync();
                }));
                break;
            case "re-send":
                server.On("BatchWriteItem").Nth(1).Answer(Fault.Unprocessed(0.5));
                server.On("BatchWriteItem").From(2).Answer(hold);
                break;
            default:
                server.On("UpdateItem").Answer(hold);
                break;
        }
    }
}
