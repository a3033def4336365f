using System.Diagnostics.Metrics;
using DigestStore.Telemetry;
using DigestStore.UnitTests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static DigestStore.UnitTests.CloudWatch.Emitter;

namespace DigestStore.UnitTests.CloudWatch;

public sealed class CloudWatchRegistrationTests : IDisposable
{
    private readonly ServiceCollection _services = new();
    private readonly StringWriter _writer = new();

    public void Dispose() => _writer.Dispose();

    [Fact]
    public async Task A_host_starts_it_and_its_shutdown_writes()
    {
        using ServiceProvider provider = Registered();
        IHostedService service = Assert.Single(provider.GetServices<IHostedService>());
        await service.StartAsync(CancellationToken.None);
        Measure(provider, "host-table");

        await service.StopAsync(CancellationToken.None);

        Assert.Contains("host-table", _writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_host_the_first_call_of_a_store_starts_it()
    {
        using ServiceProvider provider = Registered();
        Measure(provider, "too-early-table");
        await provider.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(1));
        Measure(provider, "lambda-table");

        provider.GetRequiredService<CloudWatchMetrics>().Flush();

        Assert.Contains("lambda-table", _writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("too-early-table", _writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_of_the_container_writes_what_is_left()
    {
        using (ServiceProvider provider = Registered())
        {
            provider.GetRequiredService<CloudWatchMetrics>();
            Measure(provider, "disposed-table");
        }

        Assert.Contains("disposed-table", _writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Registering_twice_is_registering_once_and_settings_add_up()
    {
        _services.AddInMemoryDigestStore("weekly").AddCloudWatchMetrics(static options => options.Namespace = "First");
        using ServiceProvider provider = Registered();

        Assert.Single(provider.GetServices<IHostedService>());
        Assert.Single(provider.GetServices<CloudWatchMetrics>());
        Assert.Equal("First", provider.GetRequiredService<IOptions<CloudWatchMetricsOptions>>().Value.Namespace);
    }

    [Fact]
    public async Task Invalid_options_stop_the_start_but_never_a_store()
    {
        using var log = new ListLogger();
        _services.AddSingleton<ILoggerFactory>(log);
        using ServiceProvider provider = Registered(static options => options.Interval = TimeSpan.Zero);

        StoreResult result = await provider.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(1));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Single(log.Entries, static entry => entry.Id == 502 && entry.Text.Contains("Interval is '00:00:00'", StringComparison.Ordinal));
        Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
    }

    // The handler of docs/cloudwatch.md.
    [Fact]
    public async Task Invalid_options_do_not_reach_the_end_of_an_invocation()
    {
        using ServiceProvider provider = Registered(static options => options.Namespace = "AWS/Mine");
        try
        {
            StoreResult result = await provider.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(1));
            Assert.Equal(StoreStatus.Stored, result.Status);
        }
        finally
        {
            Measure(provider, "unwritten-table");
            provider.GetRequiredService<CloudWatchMetrics>().Flush();
        }

        Assert.Equal("", _writer.ToString());
    }

    [Fact]
    public void Settings_that_throw_are_told_by_their_type_and_write_nothing()
    {
        using var log = new ListLogger();
        _services.AddSingleton<ILoggerFactory>(log);
        using ServiceProvider provider = Registered(static _ => throw new InvalidTimeZoneException("secret"));

        provider.GetRequiredService<CloudWatchMetrics>().Flush();

        (_, int id, string text) = Assert.Single(log.Entries);
        Assert.Equal(502, id);
        Assert.Contains(nameof(InvalidTimeZoneException), text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    private static void Measure(IServiceProvider provider, string table) => provider.GetRequiredService<ContainerMeters>()
        .Create(new MeterOptions("DigestStore")).CreateCounter<long>("digeststore.requests", "{request}").Add(1, Tags(("table", table)));

    private ServiceProvider Registered(Action<CloudWatchMetricsOptions>? configure = null) => _services
        .AddInMemoryDigestStore()
        .AddCloudWatchMetrics(options =>
        {
            options.Writer = _writer;
            configure?.Invoke(options);
        })
        .Services
        .BuildServiceProvider();
}
