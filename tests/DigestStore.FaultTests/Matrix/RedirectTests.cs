using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class RedirectTests
{
    [Theory]
    [InlineData(301, "BatchGetItem")]
    [InlineData(302, "BatchGetItem")]
    [InlineData(307, "BatchGetItem")]
    [InlineData(308, "BatchGetItem")]
    [InlineData(301, "BatchWriteItem")]
    [InlineData(302, "BatchWriteItem")]
    [InlineData(303, "BatchWriteItem")]
    [InlineData(307, "BatchWriteItem")]
    [InlineData(308, "BatchWriteItem")]
    [FaultRow(50, "A redirect to another host that answers 200 {}", "Not followed, and nothing is reported as stored.")]
    public async Task A_redirect_is_not_followed_and_nothing_is_reported_as_stored(int status, string operation)
    {
        await using var other = ScriptedEndpoint.Start();
        other.OnAny().Answer(Fault.Json("{}"));
        await using var scenario = FaultScenario.Start();
        scenario.Server.On(operation).Answer(Fault.Redirect(other.Uri, status));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(20));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(20, result.Failed);
        Assert.Equal(0, other.Requests.Count);
        Assert.Equal(0, other.AcceptedConnections);
        Assert.InRange(scenario.Server.Requests.CountOf(operation), 1, 3);
        Assert.Empty(scenario.ServerItems());
        Assert.DoesNotContain(result.Problems, problem => problem.Reason == StoreProblemReason.InternalError);
    }
}
