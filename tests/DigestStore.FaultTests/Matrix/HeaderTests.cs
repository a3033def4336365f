using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class HeaderTests
{
    [Fact]
    [FaultRow(100, "The update of the day's header fails", "The items stay stored, and so does the status; a problem says HeaderNotWritten.")]
    public async Task A_header_that_cannot_be_written_leaves_the_items_stored()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("UpdateItem").Answer(Fault.InternalServerError());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal((StoreStatus.Stored, 30), (result.Status, result.Inserted));
        Assert.Equal(StoreProblemReason.HeaderNotWritten, Assert.Single(result.Problems).Reason);
        Assert.Equal(DigestStoreDefaults.MaxAttempts, scenario.Server.Requests.CountOf("UpdateItem"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [FaultRow(100, "The update of the header is applied and then answered with an error or a reset", "It is sent again and counts the run once.")]
    public async Task A_header_that_was_written_although_it_failed_counts_the_run_once(bool reset)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("UpdateItem").Answer(Fault.Applied(reset ? Fault.Reset() : Fault.InternalServerError())).Once();

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Empty(result.Problems);
        Assert.Equal(2, scenario.Server.Requests.CountOf("UpdateItem"));
        var header = scenario.Server.Database.Find("digests", "DIGEST#daily#2026-11-21", "HEADER");
        Assert.Equal(("1", "30"), (header!["runs"]!["N"]!.GetValue<string>(), header["nextOrdinal"]!["N"]!.GetValue<string>()));
    }
}
