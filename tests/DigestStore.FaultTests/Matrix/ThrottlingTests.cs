using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ThrottlingTests
{
    [Fact]
    [FaultRow(1, "One batch is throttled once", "It is sent again after a back-off; the other batches are sent once.")]
    public async Task A_batch_that_is_throttled_once_is_stored_with_one_retry()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Nth(2).Answer(Fault.Throttle()).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(100));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(100, result.Inserted);
        Assert.Equal(1, result.Retries);
        Assert.Equal(5, scenario.Server.Requests.CountOf("BatchWriteItem"));
    }
}
