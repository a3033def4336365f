using System.Diagnostics;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>A bound in real time: what is promised, a second for the test's own machinery, and the time in which the machine stood still.</summary>
internal readonly struct RealTime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Standstill _standstill;
    private readonly TimeSpan _lostBefore;
    private readonly long _started;

    private RealTime(Standstill standstill)
    {
        _standstill = standstill;
        _lostBefore = standstill.Total;
        _started = Stopwatch.GetTimestamp();
    }

    /// <summary>How long this process stood still since the start.</summary>
    public TimeSpan Lost => _standstill.Total - _lostBefore;

    public static RealTime Start() => new(Standstill.OfThePool);

    /// <summary>For a test that takes the pool's threads away itself.</summary>
    public static RealTime StartOfThreads() => new(Standstill.OfThreads);

    /// <summary>Whether no more time has passed since the start than this.</summary>
    public bool IsWithin(TimeSpan promised) => Stopwatch.GetElapsedTime(_started) <= promised + Second + Lost;

    /// <summary>Asserts that no more time has passed since the start than this.</summary>
    public void AssertWithin(TimeSpan promised)
    {
        TimeSpan took = Stopwatch.GetElapsedTime(_started);
        AssertWithin(promised, took);
    }

    /// <summary>The same for a time that the library has taken itself since the start.</summary>
    public void AssertWithin(TimeSpan promised, TimeSpan took)
    {
        TimeSpan lost = Lost;
        Assert.True(took <= promised + Second + lost, $"took {took}, where {promised} is promised; the machine stood still for {lost} of it");
    }
}
