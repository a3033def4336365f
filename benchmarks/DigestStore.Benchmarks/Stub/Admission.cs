namespace DigestStore.Benchmarks.Stub;

/// <summary>A token bucket, and dice with a seed: what of a request is admitted.</summary>
internal sealed class Admission(StubSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Random _dice = new(settings.Seed);
    private double _tokens = settings.Burst;
    private long _refilled = TimeProvider.System.GetTimestamp();

    public bool IsThrottled()
    {
        lock (_lock)
        {
            return settings.ThrottledShare > 0 && _dice.NextDouble() < settings.ThrottledShare;
        }
    }

    public bool Admits(bool mayBeLeft = true)
    {
        lock (_lock)
        {
            if (mayBeLeft && settings.UnprocessedShare > 0 && _dice.NextDouble() < settings.UnprocessedShare)
            {
                return false;
            }

            if (settings.ItemsPerSecond <= 0)
            {
                return true;
            }

            long now = TimeProvider.System.GetTimestamp();
            _tokens = Math.Min(settings.Burst, _tokens + (TimeProvider.System.GetElapsedTime(_refilled, now).TotalSeconds * settings.ItemsPerSecond));
            _refilled = now;
            bool isAdmitted = _tokens >= 1;
            _tokens -= isAdmitted ? 1 : 0;
            return isAdmitted;
        }
    }
}
