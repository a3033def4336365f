using System.Diagnostics;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.TestSupport;

public sealed class StandstillTests
{
    private long _now;

    [Fact]
    public void Beats_that_come_in_time_lose_nothing()
    {
        var standstill = new Standstill(() => _now);
        for (int beat = 0; beat < 100; beat++)
        {
            Pass(milliseconds: 10);
            standstill.Came();
        }

        Assert.Equal(TimeSpan.Zero, standstill.Total);
    }

    [Fact]
    public void A_late_beat_loses_what_it_is_late()
    {
        var standstill = new Standstill(() => _now);
        Pass(milliseconds: 405);
        standstill.Came();
        Pass(milliseconds: 5);
        standstill.Came();
        Pass(milliseconds: 25);
        standstill.Came();

        Assert.Equal(TimeSpan.FromMilliseconds(420), standstill.Total);
    }

    [Fact]
    public void A_beat_that_has_not_come_yet_counts_too()
    {
        var standstill = new Standstill(() => _now);
        Pass(milliseconds: 1005);

        Assert.Equal(TimeSpan.FromSeconds(1), standstill.Total);
        Assert.Equal(TimeSpan.FromSeconds(1), standstill.Total);
    }

    [Fact]
    public void No_more_is_lost_than_has_passed()
    {
        long began = Stopwatch.GetTimestamp();
        (TimeSpan threads, TimeSpan pool) = (Standstill.OfThreads.Total, Standstill.OfThePool.Total);
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromMilliseconds(50))
        {
            Thread.SpinWait(1000);
        }

        (TimeSpan threadsLost, TimeSpan poolLost) = (Standstill.OfThreads.Total - threads, Standstill.OfThePool.Total - pool);
        TimeSpan passed = Stopwatch.GetElapsedTime(began) + TimeSpan.FromMilliseconds(10);
        Assert.InRange(threadsLost, TimeSpan.Zero, passed);
        Assert.InRange(poolLost, TimeSpan.Zero, passed);
    }

    private void Pass(int milliseconds) => _now += milliseconds * Stopwatch.Frequency / 1000;
}
