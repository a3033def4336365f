using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DigestStore.PublishedApp;

/// <summary>Collects the names of the instruments and spans that the library reported to.</summary>
internal sealed class TelemetryListener : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _instruments = new();
    private readonly ConcurrentDictionary<string, bool> _spans = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public TelemetryListener()
    {
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "DigestStore")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, _, _, _) => _instruments[instrument.Name] = true);
        _meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => _instruments[instrument.Name] = true);
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "DigestStore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _spans[activity.OperationName] = true,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public string Instruments => string.Join(' ', _instruments.Keys.Order(StringComparer.Ordinal));

    public string Spans => string.Join(' ', _spans.Keys.Order(StringComparer.Ordinal));

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }
}
