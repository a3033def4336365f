using System.Diagnostics.Metrics;

namespace DigestStore.Benchmarks.Delivery;

/// <summary>Adds up what the library's own metrics say about requests and units.</summary>
internal sealed class UnitMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private int _requests;
    private double _readUnits;
    private double _writeUnits;

    public UnitMeter()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "DigestStore", Name: "digeststore.requests" or "digeststore.consumed_capacity" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _requests, (int)count));
        _listener.SetMeasurementEventCallback<double>((_, units, tags, _) => Add(units, tags));
        _listener.Start();
    }

    /// <summary>What has been used since this was last asked.</summary>
    public Capacity.CapacityCost Take()
    {
        lock (_lock)
        {
            var taken = new Capacity.CapacityCost(_requests, _writeUnits, _readUnits);
            (_requests, _writeUnits, _readUnits) = (0, 0, 0);
            return taken;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(double units, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        bool isWrite = false;
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            isWrite |= tag.Value is "UpdateItem" or "BatchWriteItem";
        }

        lock (_lock)
        {
            _writeUnits += isWrite ? units : 0;
            _readUnits += isWrite ? 0 : units;
        }
    }
}
