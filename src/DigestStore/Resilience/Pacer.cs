namespace DigestStore.Resilience;

// While a table throttles, sends at the rate that it admits: additive increase, multiplicative decrease. Idle until the first throttle.
internal sealed class Pacer(TimeProvider time)
{
    // What one partition admits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
    private const double PartitionUnitsPerSecond = 1000;
    private const double MinUnitsPerSecond = 5;
    private const double Decrease = 0.7;
    private const double IncreasePerSend = 5;

    // Answers to requests that were under way together tell of one congestion, not of several.
    private static readonly TimeSpan OneCongestion = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private double _unitsPerSecond = double.PositiveInfinity;
    private long _nextSend;
    private long _lastDecrease;

    public async Task WaitAsync(int units, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_gate)
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

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // What came back was not consumed.
    public void Refund(int units)
    {
        lock (_gate)
        {
            if (!double.IsPositiveInfinity(_unitsPerSecond))
            {
                _nextSend -= (long)(units / _unitsPerSecond * time.TimestampFrequency);
            }
        }
    }

    public void Throttled()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (double.IsPositiveInfinity(_unitsPerSecond))
            {
                _unitsPerSecond = PartitionUnitsPerSecond;
                _nextSend = now;
                _lastDecrease = now;
            }
            else if (time.GetElapsedTime(_lastDecrease, now) >= OneCongestion)
            {
                _unitsPerSecond = Math.Max(MinUnitsPerSecond, _unitsPerSecond * Decrease);
                _lastDecrease = now;
            }
        }
    }

    public void Admitted()
    {
        lock (_gate)
        {
            // Infinity plus anything stays infinity.
            _unitsPerSecond += IncreasePerSend;
        }
    }
}
