namespace DigestStore.Resilience;

// While a table throttles, the pacer lets batches out at the rate that the table admits: additive increase, multiplicative decrease. Until
// the first throttle it holds nothing up.
internal sealed class Pacer(TimeProvider time)
{
    // The units that DynamoDB admits in one partition: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
    private const double PartitionUnitsPerSecond = 1000;
    private const double MinUnitsPerSecond = 5;
    private const double IncreasePerSend = 4;

    // After a throttle, the new rate is the rate that was admitted since the last decrease, but at most 0.9 and at least 0.3 of the old
    // one, because the admitted rate was measured over a short time only.
    private const double SmallestDecrease = 0.9;
    private const double LargestDecrease = 0.3;

    // Requests that are under way together meet the same congestion, so their answers count as one.
    private static readonly TimeSpan OneCongestion = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private double _unitsPerSecond = double.PositiveInfinity;
    private long _nextSend;
    private long _lastDecrease;
    private double _admittedSince;

    public async Task WaitAsync(int units, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            if (double.IsPositiveInfinity(_unitsPerSecond))
            {
                return;
            }

            long now = time.GetTimestamp();
            long send = Math.Max(now, _nextSend);
            _nextSend = send + (long)(units / _unitsPerSecond * time.TimestampFrequency);
            wait = time.GetElapsedTime(now, send);
        }

        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }

    // Called when the table left over some or all of a batch.
    public void Throttled(int admittedUnits)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _admittedSince += admittedUnits;
            if (double.IsPositiveInfinity(_unitsPerSecond))
            {
                _unitsPerSecond = PartitionUnitsPerSecond;
                _nextSend = now;
            }
            else if (time.GetElapsedTime(_lastDecrease, now) is var since && since >= OneCongestion)
            {
                double admittedRate = Math.Clamp(_admittedSince / since.TotalSeconds, _unitsPerSecond * LargestDecrease, _unitsPerSecond * SmallestDecrease);
                _unitsPerSecond = Math.Max(MinUnitsPerSecond, admittedRate);
            }
            else
            {
                return;
            }

            (_lastDecrease, _admittedSince) = (now, 0);
        }
    }

    public void Admitted(int units)
    {
        lock (_lock)
        {
            // Before the first throttle the rate is infinite, and stays so.
            _unitsPerSecond += IncreasePerSend;
            _admittedSince += units;
        }
    }
}
