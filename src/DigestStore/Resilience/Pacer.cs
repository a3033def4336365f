namespace DigestStore.Resilience;

// While a table throttles, sends at the rate that it admits: additive increase, multiplicative decrease. Idle until the first throttle.
internal sealed class Pacer(TimeProvider time)
{
    // What one partition admits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
    private const double PartitionUnitsPerSecond = 1000;
    private const double MinUnitsPerSecond = 5;
    private const double IncreasePerSend = 4;

    // To what was admitted of late, which is the rate that the table has; but little enough is known from a fifth of a second.
    private const double SmallestDecrease = 0.9;
    private const double LargestDecrease = 0.3;

    // Answers to requests that were under way together tell of one congestion, not of several.
    private static readonly TimeSpan OneCongestion = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private double _unitsPerSecond = double.PositiveInfinity;
    private long _nextSend;
    private long _lastDecrease;
    private double _admittedSince;

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

        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }

    // Some or all of a batch came back.
    public void Throttled(int admittedUnits)
    {
        lock (_gate)
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
        lock (_gate)
        {
            // Infinity plus anything stays infinity.
            _unitsPerSecond += IncreasePerSend;
            _admittedSince += units;
        }
    }
}
