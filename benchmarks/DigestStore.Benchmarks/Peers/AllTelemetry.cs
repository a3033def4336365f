using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace DigestStore.Benchmarks.Peers;

/// <summary>Listens to everything that the library tells, as an application with telemetry does, and keeps none of it.</summary>
internal sealed class AllTelemetry : ILoggerFactory, ILogger
{
    private const string Source = "DigestStore";

    private readonly MeterListener _meters = new() { InstrumentPublished = static (instrument, listener) => Listen(instrument, listener) };
    private readonly ActivityListener _activities = new()
    {
        ShouldListenTo = static source => source.Name == Source,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    private long _heard;

    public AllTelemetry()
    {
        _meters.SetMeasurementEventCallback<int>((_, _, tags, _) => Hear(tags.Length));
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => Hear(tags.Length));
        _meters.SetMeasurementEventCallback<double>((_, _, tags, _) => Hear(tags.Length));
        _meters.Start();
        _activities.ActivityStopped = activity => Hear(activity.OperationName.Length);
        ActivitySource.AddActivityListener(_activities);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Hear(formatter(state, exception).Length);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one logger for all.
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == Source)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Hear(int size) => Interlocked.Add(ref _heard, size);
}
