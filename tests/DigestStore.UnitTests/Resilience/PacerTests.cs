using DigestStore.Resilience;

namespace DigestStore.UnitTests.Resilience;

public sealed class PacerTests
{
    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Until_a_table_throttles_nothing_waits()
    {
        var pacer = new Pacer(_clock);
        pacer.Admitted(25);

        Assert.Equal(0, await WaitedAsync(pacer, 1_000_000));
    }

    [Fact]
    public async Task After_a_throttle_a_partition_s_thousand_units_a_second_go_out()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled(0);

        Assert.Equal(0, await WaitedAsync(pacer, 500));
        Assert.Equal(500, await WaitedAsync(pacer, 100));
        Assert.Equal(100, await WaitedAsync(pacer, 100));
    }

    [Fact]
    public async Task Throttles_of_one_congestion_slow_down_once()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled(0);
        pacer.Throttled(0);
        _clock.Advance(TimeSpan.FromMilliseconds(199));
        pacer.Throttled(0);

        await pacer.WaitAsync(700, default);
        Assert.Equal(700, await WaitedAsync(pacer, 0));
    }

    [Theory]
    [InlineData(100, 500)]
    [InlineData(180, 900)]
    [InlineData(1_000, 900)]
    [InlineData(0, 300)]
    public async Task A_further_congestion_slows_down_to_what_was_admitted_since_the_last(int admitted, int unitsPerSecond)
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled(50);
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        pacer.Throttled(admitted);

        await pacer.WaitAsync(unitsPerSecond, default);
        Assert.Equal(1_000, await WaitedAsync(pacer, 0), 1.0);
    }

    [Fact]
    public async Task However_often_it_throttles_five_units_a_second_go_out()
    {
        var pacer = new Pacer(_clock);
        for (int round = 0; round < 100; round++)
        {
            pacer.Throttled(0);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await pacer.WaitAsync(25, default);
        Assert.Equal(5_000, await WaitedAsync(pacer, 0), 1.0);
    }

    [Fact]
    public async Task Every_batch_that_is_admitted_adds_four_units_a_second()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled(0);
        for (int batch = 0; batch < 250; batch++)
        {
            pacer.Admitted(25);
        }

        await pacer.WaitAsync(2_000, default);
        Assert.Equal(1_000, await WaitedAsync(pacer, 0), 1.0);
    }

    [Fact]
    public async Task A_pause_is_not_made_up_for_by_a_burst()
    {
        var pacer = new Pacer(_clock);
        pacer.Throttled(0);
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
        pacer.Throttled(0);
        await pacer.WaitAsync(10_000, ended.Token);
        Task wait = pacer.WaitAsync(1, ended.Token);

        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    // A token bucket, as DynamoDB's partitions and tables have.
    [Theory]
    [InlineData(1_000, 100, 3_000, 1.15, 1.10)]
    [InlineData(1_000, 100, 10_000, 1.10, 1.10)]
    [InlineData(1_000, 1_000, 3_000, 1.15, 1.10)]
    [InlineData(500, 50, 1_000, 1.45, 1.10)]
    [InlineData(100, 100, 1_000, 1.60, 1.25)]
    [InlineData(40, 40, 1_000, 2.00, 1.50)]
    public async Task A_table_gets_what_it_admits_and_few_requests_more(int unitsPerSecond, int burst, int items, double maxRequests, double maxTime)
    {
        const int Batch = 25;
        var pacer = new Pacer(_clock);
        (double tokens, int left, int requests) = (burst, items, 0);
        (DateTimeOffset began, DateTimeOffset filled) = (_clock.GetUtcNow(), _clock.GetUtcNow());
        while (left > 0)
        {
            int sent = Math.Min(Batch, left);
            await pacer.WaitAsync(sent, default);
            requests++;
            tokens = Math.Min(burst, tokens + ((_clock.GetUtcNow() - filled).TotalSeconds * unitsPerSecond));
            filled = _clock.GetUtcNow();
            int admitted = Math.Min(sent, (int)tokens);
            (tokens, left) = (tokens - admitted, left - admitted);
            if (admitted == sent)
            {
                pacer.Admitted(sent);
            }
            else
            {
                pacer.Throttled(admitted);
            }
        }

        Assert.InRange(requests / Math.Ceiling((double)items / Batch), 1, maxRequests);
        Assert.InRange((_clock.GetUtcNow() - began).TotalSeconds / ((double)(items - burst) / unitsPerSecond), 0.99, maxTime);
    }

    private async Task<double> WaitedAsync(Pacer pacer, int units)
    {
        DateTimeOffset before = _clock.GetUtcNow();
        await pacer.WaitAsync(units, default);
        return (_clock.GetUtcNow() - before).TotalMilliseconds;
    }
}
