using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>The cases that the page names below its bound.</summary>
public sealed class WorstCaseTests
{
    private const int Attempts = DigestStoreDefaults.MaxAttempts;
    private const int Workers = DigestStoreDefaults.MaxConcurrency;

    public static TheoryData<string, int, int> Cases => new()
    {
        { "healthy", 25, 3 },
        { "healthy", 200, 10 },
        { "denied", 1_000, 1 },
        { "missing", 1_000, 1 },
        { "outage", 1_000, Attempts },
        { "writes throttled", 1_000, 1 + (Attempts * Workers) },
        { "writes fail", 1_000, 1 + (Attempts * Workers) },
        { "writes refused", 1_000, 1 + Workers + (2 * DigestStoreDefaults.BatchSize) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_named_case_stays_within_its_own_bound(string name, int items, int most)
    {
        await using var scenario = FaultScenario.Start();
        switch (name)
        {
            case "denied":
                scenario.Server.OnAny().Answer(Fault.Error("AccessDeniedException"));
                break;
            case "missing":
                scenario.Server.OnAny().Answer(Fault.Error("ResourceNotFoundException"));
                break;
            case "outage":
                scenario.Server.OnAny().Answer(Fault.Status(503));
                break;
            case "writes throttled":
                scenario.Server.On("BatchWriteItem").Answer(Fault.Throttle());
                break;
            case "writes fail":
                scenario.Server.On("BatchWriteItem").Answer(Fault.InternalServerError());
                break;
            case "writes refused":
                scenario.Server.On("BatchWriteItem").Answer(Fault.Error("ValidationException"));
                break;
        }

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(items));

        Assert.InRange(result.Cost.Requests, 1, most);
        Assert.Equal(name == "healthy" ? StoreStatus.Stored : StoreStatus.Failed, result.Status);
    }
}
