using System.Diagnostics.Metrics;

namespace EmailDigest.Telemetry;

/// <summary>Why requests of this run were sent again, from the library's own metric: an example of a listener without OpenTelemetry.</summary>
internal sealed class RetryReasons : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    // Only the meters of this container: other stores of the process have the same names.
    public RetryReasons(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "digeststore.retries" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Count(value, tags));
        _listener.Start();
    }

    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, int>(_counts, StringComparer.Ordinal);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Count(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag is { Key: "reason", Value: string reason })
            {
                lock (_gate)
                {
                    _counts[reason] = _counts.GetValueOrDefault(reason) + (int)value;
                }
            }
        }
    }
}
