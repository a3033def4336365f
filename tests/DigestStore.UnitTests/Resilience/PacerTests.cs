using DigestStore.Resilience;

namespace DigestStore.UnitTests.Resilience;

public sealed class PacerTests
{
    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Until_a_table_throttles_nothing_waits()
    {
        var pacer = new Pacer(_clock);
        pacer.Admitted();

        Assert.Equal(0, await WaitedAsync(pacer, 1_000_000));
    }

    [Fact]
    public async Task After_a_throttle_a_partition_s_thousand_units_a_second_go_out()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled();

        Assert.Equal(0, await WaitedAsync(pacer, 500));
        Assert.Equal(500, await WaitedAsync(pacer, 100));
        Assert.Equal(100, await WaitedAsync(pacer, 100));
    }

    [Fact]
    public async Task Throttles_of_one_congestion_slow_down_once()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled();
        pacer.Throttled();
        _clock.Advance(TimeSpan.FromMilliseconds(199));
        pacer.Throttled();

        await pacer.WaitAsync(700, default);
        Assert.Equal(700, await WaitedAsync(pacer, 0));
    }

    [Fact]
    public async Task Each_further_congestion_slows_down_to_seven_tenths()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled();
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        pacer.Throttled();

        await pacer.WaitAsync(700, default);
        Assert.Equal(1_000, await WaitedAsync(pacer, 0), 1.0);
    }

    [Fact]
    public async Task However_often_it_throttles_five_units_a_second_go_out()
    {
        var pacer = new Pacer(_clock);
        for (int round = 0; round < 100; round++)
        {
            pacer.Throttled();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await pacer.WaitAsync(25, default);
        Assert.Equal(5_000, await WaitedAsync(pacer, 0), 1.0);
    }

    [Fact]
    public async Task Every_batch_that_is_admitted_adds_five_units_a_second()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled();
        for (int batch = 0; batch < 200; batch++)
        {
            pacer.Admitted();
        }

        await pacer.WaitAsync(2_000, default);
        Assert.Equal(1_000, await WaitedAsync(pacer, 0), 1.0);
    }

    [Fact]
    public async Task A_pause_is_not_made_up_for_by_a_burst()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled();
        await pacer.WaitAsync(100, default);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, await WaitedAsync(pacer, 100));
        Assert.Equal(100, await WaitedAsync(pacer, 100));
    }

    [Fact]
    public async Task A_wait_ends_with_the_call()
    {
        using var ended = new CancellationTokenSource();
        var pacer = new Pacer(new FixedClock());
        pacer.Throttled();
        await pacer.WaitAsync(10_000, ended.Token);
        Task wait = pacer.WaitAsync(1, ended.Token);

        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private async Task<double> WaitedAsync(Pacer pacer, int units)
    {
        DateTimeOffset before = _clock.GetUtcNow();
        await pacer.WaitAsync(units, default);
        return (_clock.GetUtcNow() - before).TotalMilliseconds;
    }
}
