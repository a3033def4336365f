using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EmailDigest.Telemetry;

/// <summary>Why requests of this run were sent again, from the library's own metric: an example of a listener without OpenTelemetry.</summary>
internal sealed class RetryReasons : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
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
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                _ = tag is { Key: "reason", Value: string reason } ? _counts.AddOrUpdate(reason, value, (_, count) => count + value) : 0;
            }
        });
        _listener.Start();
    }

    public IEnumerable<KeyValuePair<string, long>> Counts => _counts.OrderBy(count => count.Key, StringComparer.Ordinal);
    public void Dispose() => _listener.Dispose();
}
