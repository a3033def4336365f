using Amazon.DynamoDBv2;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigestStore.UnitTests.Health;

// What the check really sends, over the AWS SDK.
public sealed class HealthWireTests : IAsyncDisposable
{
    private readonly ScriptedEndpoint _server = ScriptedEndpoint.Start();
    private readonly IAmazonDynamoDB _client;

    public HealthWireTests() => _client = Engines.CreateClient(_server.Uri);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_hundred_checks_are_one_read_and_nothing_else()
    {
        await using HealthScenario scenario = Scenario();

        HealthReportEntry[] entries = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scenario.CheckAsync()));
        for (int check = 0; check < 50; check++)
        {
            await scenario.CheckAsync();
        }

        Assert.All(entries, static entry => Assert.Equal(HealthStatus.Healthy, entry.Status));
        Assert.Equal((1, 1), (_server.Requests.Count, _server.Requests.CountOf("BatchGetItem")));
    }

    [Theory]
    [InlineData("AccessDeniedException", "AccessDenied", HealthStatus.Unhealthy)]
    [InlineData("ResourceNotFoundException", "TableNotFound", HealthStatus.Unhealthy)]
    [InlineData("UnrecognizedClientException", "CredentialsRefused", HealthStatus.Unhealthy)]
    [InlineData("ThrottlingException", "Throttled", HealthStatus.Degraded)]
    public async Task What_DynamoDB_refuses_with_is_told(string code, string reason, HealthStatus status)
    {
        _server.OnAny().Answer(Fault.Error(code, "content of a stranger"));
        await using HealthScenario scenario = Scenario();

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((status, reason), (entry.Status, entry.Data["reason"]));
        Assert.DoesNotContain("stranger", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_never_answers_is_degraded_at_the_deadline_of_the_check()
    {
        _server.OnAny().Answer(Fault.Stall());
        await using HealthScenario scenario = Scenario();

        HealthReportEntry entry = await scenario.Time.RunAsync(scenario.CheckAsync(), () => _server.IsBusy);

        Assert.Equal((HealthStatus.Degraded, "Timeout"), (entry.Status, entry.Data["reason"]));
        Assert.Equal(TimeSpan.FromSeconds(2), entry.Data["duration"]);
    }

    private HealthScenario Scenario() => new(services => services.AddSingleton(_client).AddDigestStore(static options => options.MaxAttempts = 1));
}
