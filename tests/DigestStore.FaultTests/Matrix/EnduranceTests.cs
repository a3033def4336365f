using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>Counts what the whole process holds, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(EnduranceTests), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(EnduranceTests))]
public sealed class EnduranceTests
{
    private const int WarmUp = 1_000;
    private const int Operations = 10_000;

    [Fact]
    [FaultRow(88, "10,000 operations in a row fail", "Sockets, timers, handles and memory do not grow.")]
    public async Task Ten_thousand_failures_in_a_row_leave_nothing_behind()
    {
        await using var scenario = FaultScenario.Start(
            options => (options.MaxAttempts, options.AttemptTimeout) = (1, TimeSpan.FromSeconds(5)), endpoint: new ScriptedEndpointOptions { KeepRequests = false });
        scenario.Server.OnAny().Answer(Fault.InternalServerError());
        DigestItem[] items = FaultScenario.Items(1);
        await FailAsync(WarmUp);
        (long memory, long timers, int handles, int sockets) = Held(scenario);

        await FailAsync(Operations - WarmUp);

        (long memoryAfter, long timersAfter, int handlesAfter, int socketsAfter) = Held(scenario);
        Assert.InRange(memoryAfter, 0, memory * 1.1);
        Assert.InRange(timersAfter, 0, timers + 5);
        Assert.InRange(handlesAfter, 0, handles + 5);
        Assert.InRange(socketsAfter, 0, sockets + 1);

        async Task FailAsync(int count)
        {
            for (int n = 0; n < count; n++)
            {
                StoreResult result = await scenario.Repository.StoreAsync(FaultScenario.Date, items, cancellationToken: TestContext.Current.CancellationToken);
                Assert.Equal(StoreStatus.Failed, result.Status);
            }

            scenario.Log.Entries.Clear();
        }
    }

    private static (long Memory, long Timers, int Handles, int Sockets) Held(FaultScenario scenario)
    {
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        int handles = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
        return (memory, Timer.ActiveCount, handles, scenario.Server.OpenConnections);
    }
}
