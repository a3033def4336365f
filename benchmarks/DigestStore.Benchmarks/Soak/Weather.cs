using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Soak;

/// <summary>
/// How a server behaves: DynamoDB Local as it is, the stub as on a bad day and, now and then, as in an outage.
/// </summary>
internal sealed class Weather(StubProcess? stub)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(3);

    // Longer than the circuit breaker stays open, so that what follows an outage is not counted as good weather.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(12);

    private static readonly StubSettings BadDay = new() { LatencyMilliseconds = 5, UnprocessedShare = 0.1, ThrottledShare = 0.02 };
    private static readonly StubSettings Down = BadDay with { ThrottledShare = 1 };

    private int _outages;
    private volatile bool _isOutage;

    /// <summary>From the beginning of one outage to that of the next.</summary>
    public static TimeSpan Period => Between + Outage + Recovery;

    /// <summary>How many outages have begun.</summary>
    public int Outages => Volatile.Read(ref _outages);

    /// <summary>Whether there is an outage, or was one a moment ago, so that the library may not ask yet.</summary>
    public bool IsOutage => _isOutage;

    public SoakDay BeginDay() => new(this);

    /// <summary>Changes the weather until <paramref name="end"/>, and leaves it fine.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        if (stub is null)
        {
            return;
        }

        try
        {
            while (true)
            {
                await stub.ConfigureAsync(BadDay);
                await Task.Delay(Between, end);
                Interlocked.Increment(ref _outages);
                _isOutage = true;
                await stub.ConfigureAsync(Down);
                await Task.Delay(Outage, end);
                await stub.ConfigureAsync(BadDay);
                await Task.Delay(Recovery, end);
                _isOutage = false;
            }
        }
        catch (OperationCanceledException)
        {
            await stub.ConfigureAsync(new StubSettings());
        }
    }
}

/// <summary>A day of a life: what an outage has kept out of the table is missing for the rest of it.</summary>
internal sealed class SoakDay(Weather weather)
{
    private readonly int _outages = weather.Outages;
    private readonly bool _beganInOne = weather.IsOutage;

    public bool MetOutage => _beganInOne || weather.Outages != _outages;
}
