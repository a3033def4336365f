using DigestStore.Testing;

namespace DigestStore.UnitTests.VirtualTime;

public sealed class VirtualTimeProviderTests
{
    private readonly VirtualTimeProvider _time = new();

    [Fact]
    public void Time_stands_still_until_it_is_moved()
    {
        var (utc, timestamp) = (_time.GetUtcNow(), _time.GetTimestamp());

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(utc.AddSeconds(3), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(3), _time.GetElapsedTime(timestamp));
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_and_see_them_as_now()
    {
        var fired = new List<TimeSpan>();
        using var late = _time.CreateTimer(_ => fired.Add(_time.Elapsed), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var early = _time.CreateTimer(_ => fired.Add(_time.Elapsed), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var never = _time.CreateTimer(_ => fired.Add(_time.Elapsed), null, TimeSpan.FromSeconds(9), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], fired);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.Elapsed);
        Assert.Equal(1, _time.PendingTimers);
        Assert.Equal(TimeSpan.FromSeconds(4), _time.NextTimer);
    }

    [Fact]
    public void A_timer_that_a_timer_arms_fires_in_the_same_advance()
    {
        var fired = 0;
        using var first = _time.CreateTimer(
            _ => _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_periodic_timer_fires_once_per_period_until_disposed_of()
    {
        var fired = 0;
        var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(6));
        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(3, fired);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_timer_that_is_due_after_the_last_date_never_fires()
    {
        using var timer = _time.CreateTimer(static _ => Assert.Fail("It fired."), null, TimeSpan.MaxValue, TimeSpan.MaxValue);
        _time.Advance(TimeSpan.FromDays(365));

        Assert.True(timer.Change(TimeSpan.MaxValue, Timeout.InfiniteTimeSpan));
        Assert.Equal(0, _time.PendingTimers);
        Assert.False(_time.AdvanceToNextTimer());
    }

    [Fact]
    public async Task A_timer_that_is_changed_while_it_is_disposed_of_is_not_armed_again()
    {
        for (int round = 0; round < 200; round++)
        {
            var timer = _time.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            await Task.WhenAll(
                Task.Run(() => timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan)),
                Task.Run(timer.Dispose));
        }

        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public void A_deadline_does_not_fire_because_it_was_created()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(25), _time);

        _time.Advance(TimeSpan.FromSeconds(24));
        Assert.False(deadline.IsCancellationRequested);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(deadline.IsCancellationRequested);
    }

    [Fact]
    public void A_jump_of_the_wall_clock_moves_no_timer_and_no_timestamp()
    {
        var (utc, timestamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);

        _time.JumpWallClock(TimeSpan.FromHours(-1));

        Assert.Equal(utc.AddHours(-1), _time.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, _time.GetElapsedTime(timestamp));
        Assert.False(deadline.IsCancellationRequested);
    }

    [Fact]
    public async Task Back_offs_are_jumped_over_while_the_deadline_holds()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(25), _time);

        var attempts = await _time.RunAsync(BackOffAsync());

        Assert.Equal(10, attempts);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.Elapsed);
        Assert.False(deadline.IsCancellationRequested);

        // Timers that are near need few checks of an idle thread pool, which other tests may keep busy for long.
        async Task<int> BackOffAsync()
        {
            var attempt = 0;
            for (; attempt < 10; attempt++)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.5), _time, deadline.Token);
            }

            return attempt;
        }
    }

    [Fact]
    public async Task A_deadline_fires_when_nothing_else_is_left_to_wait_for()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(25), _time);
        var forever = new TaskCompletionSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _time.RunAsync(forever.Task.WaitAsync(deadline.Token)));

        Assert.Equal(TimeSpan.FromSeconds(25), _time.Elapsed);
    }

    [Fact]
    public async Task Time_stands_still_while_somebody_is_busy()
    {
        var looks = 0;
        var wait = Task.Delay(TimeSpan.FromSeconds(1), _time);

        await _time.RunAsync(wait, () =>
        {
            var busy = ++looks < 20;
            Assert.True(!busy || _time.Elapsed == TimeSpan.Zero);
            return busy;
        });

        Assert.True(looks >= 20);
    }

    [Fact]
    public async Task No_timer_fires_while_a_thread_still_works()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(25), _time);
        using var wait = new ManualResetEventSlim();

        bool wasCut = await _time.RunAsync(() =>
        {
            // What the pump sees of a thread that computes, compiles or gets no processor: nothing stirs, nothing is queued.
            wait.Wait(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
            return Task.FromResult(deadline.IsCancellationRequested);
        });

        Assert.False(wasCut);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
    }

    [Fact]
    public async Task No_timer_fires_while_what_the_work_has_started_still_works()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(25), _time);
        using var wait = new ManualResetEventSlim();

        bool[] wereCut = await _time.RunAsync(() => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await Task.Yield();
            wait.Wait(TimeSpan.FromMilliseconds(150), TestContext.Current.CancellationToken);
            return deadline.IsCancellationRequested;
        }))));

        Assert.DoesNotContain(true, wereCut);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
    }

    [Fact]
    public async Task Work_that_waits_again_and_again_is_at_rest_in_between()
    {
        int rounds = 0;

        await _time.RunAsync(async () =>
        {
            using var gate = new SemaphoreSlim(2);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
            {
                await gate.WaitAsync(TestContext.Current.CancellationToken);
                await Task.Delay(TimeSpan.FromMinutes(1), _time, TestContext.Current.CancellationToken);
                Interlocked.Increment(ref rounds);
                gate.Release();
            }));
        });

        Assert.Equal((6, TimeSpan.FromMinutes(3)), (rounds, _time.Elapsed));
    }

    [Fact]
    public async Task Work_that_waits_on_something_else_is_told_so()
    {
        var time = new VirtualTimeProvider { IdleLimit = TimeSpan.FromMilliseconds(1) };
        var never = new TaskCompletionSource();

        TimeoutException thrown = await Assert.ThrowsAsync<TimeoutException>(() => time.RunAsync(() => never.Task));

        Assert.StartsWith("The task waits on something other than this clock: a socket, a task that nobody completes.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_has_a_timer_is_never_told_so()
    {
        var time = new VirtualTimeProvider { IdleLimit = TimeSpan.Zero };
        int rounds = 0;

        await time.RunAsync(async () =>
        {
            for (; rounds < 200; rounds++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, TestContext.Current.CancellationToken);
            }
        });

        Assert.Equal(200, rounds);
    }

    [Fact]
    public async Task The_tasks_own_exception_comes_out()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _time.RunAsync(FailAsync()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _time.RunAsync(FailAsync));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _time.RunAsync((Func<Task>)(() => throw new InvalidOperationException())));

        async Task FailAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _time);
            throw new InvalidOperationException();
        }
    }
}
