using DigestStore.Testing;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.UnitTests.Health;

// A container with health checks, on a clock of the test's own.
internal sealed class HealthScenario : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    public HealthScenario(Action<IServiceCollection> register, Action<IHealthChecksBuilder>? check = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddSingleton<TimeProvider>(Time);
        register(services);
        IHealthChecksBuilder checks = services.AddHealthChecks();
        (check ?? (static builder => builder.AddDigestStore()))(checks);
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    public HealthScenario(IDigestRepository repository, Action<IHealthChecksBuilder>? check = null)
        : this(services => services.AddSingleton(repository), check)
    {
    }

    public VirtualTimeProvider Time { get; } = new();

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public T Get<T>(string key)
        where T : notnull => _provider.GetRequiredKeyedService<T>(key);

    public async Task<HealthReportEntry> CheckAsync(CancellationToken cancellationToken = default)
    {
        HealthReport report = await Get<HealthCheckService>().CheckHealthAsync(cancellationToken);
        return Assert.Single(report.Entries).Value;
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
