using System.Diagnostics.Metrics;
using DigestStore.Testing;
using DigestStore.TestSupport;
using DigestStore.UnitTests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.Health;

// What a check leaves in the telemetry of the store.
public sealed class HealthTraceTests : IDisposable
{
    private readonly ListLogger _log = new(least: LogLevel.Debug);
    private readonly MeterRecorder _meters = new();

    public void Dispose()
    {
        _log.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task A_check_is_no_read_of_anybody()
    {
        await using HealthScenario scenario = Scenario();

        await scenario.CheckAsync();

        Assert.Equal([210], _log.Ids);
        Assert.Empty(_log.Audits);
        Assert.Contains("operation=probe", Assert.Single(_meters.Of("digeststore.read.duration")).Tags);
    }

    [Fact]
    public async Task A_check_that_fails_warns_through_its_answer_alone()
    {
        await using HealthScenario scenario = Scenario();
        ((InMemoryDigestRepository)scenario.Get<IDigestRepository>()).Faults.Deny();

        Assert.Equal("AccessDenied", (await scenario.CheckAsync()).Data["reason"]);

        (LogLevel level, int id, string text) = Assert.Single(_log.Entries);
        Assert.Equal((LogLevel.Debug, 211), (level, id));
        Assert.Contains("BatchGetItem in table digests failed: AccessDenied", text, StringComparison.Ordinal);
        Assert.Empty(_log.Audits);
        Assert.Contains("outcome=access_denied", Assert.Single(_meters.Of("digeststore.read.duration")).Tags);
    }

    private HealthScenario Scenario() => new(services => services
        .AddSingleton<ILoggerFactory>(_log)
        .AddSingleton<IMeterFactory>(_meters)
        .AddInMemoryDigestStore(static options => options.MaxAttempts = 1));
}
