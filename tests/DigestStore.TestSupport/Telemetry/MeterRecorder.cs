using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace DigestStore.TestSupport;

/// <summary>A meter factory that keeps everything recorded with its own meters, and nothing of other tests.</summary>
public sealed class MeterRecorder : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentBag<Meter> _meters = [];

    public MeterRecorder()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
            {
                Instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public ConcurrentDictionary<string, Instrument> Instruments { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<Measurement> Measurements { get; } = new();

    /// <summary>Called with every measurement; what it throws goes where a listener's exceptions go.</summary>
    public Action<string>? OnMeasurement { get; set; }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>The sum of an instrument's values whose tags include all of <paramref name="tags"/>, such as <c>"outcome=failed"</c>.</summary>
    public double Sum(string instrument, params string[] tags) => Of(instrument, tags).Sum(measurement => measurement.Value);

    public IReadOnlyList<Measurement> Of(string instrument, params string[] tags) =>
        [.. Measurements.Where(measurement => measurement.Instrument == instrument && tags.All(measurement.Tags.Contains))];

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Meter meter in _meters)
        {
            meter.Dispose();
        }
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Measurements.Enqueue(new Measurement(instrument.Name, value, [.. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]));
        OnMeasurement?.Invoke(instrument.Name);
    }

    public sealed record Measurement(string Instrument, double Value, IReadOnlyList<string> Tags);
}
