using EmailDigest.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EmailDigest.Telemetry;

/// <summary>Sends metrics, spans and log to an OpenTelemetry collector. One that is dead costs the run a warning and a little time.</summary>
internal sealed class OtlpExport : IHostedService
{
    public const string DefaultServiceName = "email-digest";

    // The meter and the activity source of the library have the same name.
    private const string Library = "DigestStore";

    private readonly OtlpSettings _settings;
    private readonly Report _report;
    private readonly OpenTelemetrySdk? _sdk;

    public OtlpExport(OtlpSettings settings, IConfiguration environment, Report report)
    {
        (_settings, _report) = (settings, report);
        try
        {
            Check(settings.Traces);
            Check(settings.Metrics);
            Check(settings.Logs);
            _sdk = OpenTelemetrySdk.Create(sdk => Configure(sdk, settings, environment));
        }
        catch (Exception failure)
        {
            _report.Warning($"No telemetry is exported: {failure.Message}");
        }
    }

    public ILoggerFactory? Loggers => _settings.Logs is null ? null : _sdk?.GetLoggerFactory();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The email is written by now. The SDK's calls block, and may do so for longer than the time they are given, as their limit
    // of 10 s is one request's: hence threads that nobody waits for.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_sdk is null)
        {
            return;
        }

        Task<bool> flushed = FlushAsync(_sdk);
        _ = flushed.ContinueWith(_ => _sdk.Dispose(), TaskScheduler.Default);
        try
        {
            if (await flushed.WaitAsync(_settings.FlushTime, CancellationToken.None))
            {
                return;
            }
        }
        catch (TimeoutException)
        {
            // As when it failed.
        }

        _report.Warning($"The OpenTelemetry collector at {_settings.First} did not take everything within {_settings.FlushTime.TotalSeconds:0} s; telemetry of this run may be missing there.");
    }

    private static void Check(string? endpoint)
    {
        if (endpoint is not null && !(Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"))
        {
            throw new ArgumentException($"the endpoint '{endpoint}' is not an http or https address; for a collector on this machine it is http://localhost:4317.");
        }
    }

    private static void Configure(IOpenTelemetryBuilder sdk, OtlpSettings settings, IConfiguration environment)
    {
        sdk.Services.AddSingleton(environment);
        sdk.ConfigureResource(resource => resource.AddService(DefaultServiceName).AddEnvironmentVariableDetector());
        if (settings.Traces is not null)
        {
            sdk.WithTracing(traces => traces.AddSource(RunSpan.SourceName, Library).AddOtlpExporter(options => OtlpSettings.Apply(options, environment, "TRACES")));
        }

        if (settings.Metrics is not null)
        {
            sdk.WithMetrics(metrics => metrics.AddMeter(Library).AddOtlpExporter(options => OtlpSettings.Apply(options, environment, "METRICS")));
        }

        if (settings.Logs is not null)
        {
            sdk.WithLogging(logs => logs.AddOtlpExporter(options => OtlpSettings.Apply(options, environment, "LOGS")));
        }
    }

    // A flush of spans or logs says that it is done while the last batch is still on its way; a shutdown waits for it. That of metrics exports once more.
    private async Task<bool> FlushAsync(OpenTelemetrySdk sdk)
    {
        int milliseconds = (int)_settings.FlushTime.TotalMilliseconds;
        bool[] isTaken = await Task.WhenAll(
            Task.Run(() => _settings.Traces is null || sdk.TracerProvider.Shutdown(milliseconds)),
            Task.Run(() => _settings.Metrics is null || sdk.MeterProvider.ForceFlush(milliseconds)),
            Task.Run(() => _settings.Logs is null || sdk.LoggerProvider.Shutdown(milliseconds)));
        return isTaken.All(taken => taken);
    }
}
