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

    [Fact]
    public async Task A_refusal_that_does_not_name_the_run_is_no_proof_that_the_header_was_written()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("UpdateItem").Answer(static request => request.Number == 1 ? Fault.InternalServerError() : Refused());

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(5));

        Assert.Equal((StoreStatus.Stored, 5), (result.Status, result.Inserted));
        Assert.Equal(StoreProblemReason.HeaderNotWritten, Assert.Single(result.Problems).Reason);
        Assert.Null(scenario.Server.Database.Find("digests", "DIGEST#daily#2026-11-21", "HEADER"));
    }

    [Fact]
    public async Task Nothing_is_written_under_other_rules_when_the_mark_is_refused()
    {
        await using var scenario = FaultScenario.Start();
        await scenario.StoreAsync(FaultScenario.Items(5));
        int writes = scenario.Server.Requests.CountOf("BatchWriteItem");
        scenario.Server.On("UpdateItem").Answer(_ => scenario.Server.Requests.CountOf("UpdateItem") == 2 ? Fault.InternalServerError() : Refused());
        scenario.Options = new DigestStoreOptions
        {
            ServiceUrl = scenario.Options.ServiceUrl,
            TableName = scenario.Options.TableName,
            Identity = new UrlIdentityOptions { DropTrailingSlash = false },
        };

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(5, from: 100));

        Assert.Equal((StoreStatus.Failed, 5), (result.Status, result.Failed));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.CompareUnavailable, problem.Reason));
        Assert.Equal(writes, scenario.Server.Requests.CountOf("BatchWriteItem"));
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

    private static Fault Refused() => Fault.Error("ConditionalCheckFailedException", "The conditional request failed");
}
