using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EmailDigest.Telemetry;

/// <summary>Sends metrics, spans and log to an OpenTelemetry collector. One that is dead costs the run a warning and a little time.</summary>
internal sealed class OtlpExport : IHostedService, ILoggerProvider
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
            Array.ForEach([settings.Traces, settings.Metrics, settings.Logs], Check);
            _sdk = OpenTelemetrySdk.Create(sdk => Configure(sdk, settings, environment));
        }
        catch (Exception failure)
        {
            _report.Warning($"No telemetry is exported: {failure.Message}");
        }
    }

    public static void Add(IServiceCollection services, OtlpSettings settings) => services.AddSingleton(settings).AddSingleton<OtlpExport>()
        .AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<OtlpExport>())
        .AddSingleton<IHostedService>(provider => provider.GetRequiredService<OtlpExport>());

    public ILogger CreateLogger(string categoryName) => (_settings.Logs is null ? null : _sdk?.GetLoggerFactory())?.CreateLogger(categoryName) ?? NullLogger.Instance;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The email is written by now. The SDK's calls block, and longer than they are told to, since each request has a limit of its own
    // of 10 s. So they run on threads that nobody waits for.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task<bool> flushed = _sdk is null ? Task.FromResult(true) : FlushAsync(_sdk);
        _ = flushed.ContinueWith(_ => _sdk?.Dispose(), TaskScheduler.Default);
        Task ended = await Task.WhenAny(flushed, Task.Delay(_settings.FlushTime, cancellationToken));
        if (ended != flushed || !await flushed)
        {
            string when = cancellationToken.IsCancellationRequested ? "before the program was stopped" : $"within {_settings.FlushTime.TotalSeconds:0} s";
            _report.Warning($"The OpenTelemetry collector at {_settings.First} did not take everything {when}; telemetry of this run may be missing there.");
        }
    }

    public void Dispose()
    {
        // StopAsync has disposed of the SDK by now, or left it behind.
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
        _ = settings.Traces is null ? sdk : sdk.WithTracing(traces => traces.AddSource(RunSpan.SourceName, Library).AddOtlpExporter(options => OtlpSettings.Apply(options, environment, "TRACES")));
        _ = settings.Metrics is null ? sdk : sdk.WithMetrics(metrics => metrics.AddMeter(Library).AddOtlpExporter(options => OtlpSettings.Apply(options, environment, "METRICS")));
        _ = settings.Logs is null ? sdk : sdk.WithLogging(logs => logs.AddOtlpExporter(options => OtlpSettings.Apply(options, environment, "LOGS")));
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
