using DigestStore.Calls;
using DigestStore.Table;

namespace DigestStore.UnitTests.Calls;

public sealed class CallScopeTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(25);

    private readonly FixedClock _clock = new();

    [Fact]
    public void It_is_over_at_the_deadline_and_not_before()
    {
        using var scope = new CallScope(_clock, Deadline, default);

        _clock.Advance(Deadline - TimeSpan.FromTicks(1));
        Assert.False(scope.IsOver);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.True(scope.IsOver && scope.Ended.IsCancellationRequested);
        Assert.False(scope.IsCanceledByCaller);
        Assert.Equal((StoreProblemReason.DeadlineExceeded, FaultKind.DeadlineExceeded), (scope.EndReason, scope.EndFault.Kind));
        Assert.Equal((FixedClock.Start, Deadline), (scope.StartedAt, scope.Elapsed));
    }

    // Whoever waits for the end is told on another thread, and here it is held up: what asks, knows nevertheless.
    [Fact]
    public async Task The_disposal_of_the_repository_ends_it_at_once()
    {
        using var disposal = new Disposal();
        using var scope = new CallScope(_clock, Deadline, default, disposal);
        using var release = new ManualResetEventSlim();
        disposal.Token.Register(() => release.Wait(TestContext.Current.CancellationToken));

        disposal.TryBegin();

        Assert.True(scope.IsOver && scope.IsDisposed);
        Assert.Equal((StoreProblemReason.Disposed, FaultKind.Disposed), (scope.EndReason, scope.EndFault.Kind));
        release.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, scope.Ended));
    }

    [Fact]
    public async Task A_host_that_cancels_first_and_disposes_then_has_canceled()
    {
        using var disposal = new Disposal();
        using var caller = new CancellationTokenSource();
        using var scope = new CallScope(_clock, Deadline, caller.Token, disposal);

        await caller.CancelAsync();
        disposal.TryBegin();

        Assert.Equal(StoreProblemReason.Canceled, scope.EndReason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_deadline_of_nothing_is_over_at_once(int seconds)
    {
        using var scope = new CallScope(_clock, TimeSpan.FromSeconds(seconds), default);

        Assert.True(scope.IsOver);
        scope.RestartDeadline();
        Assert.True(scope.IsOver);
    }

    [Fact]
    public async Task The_caller_ends_it()
    {
        using var caller = new CancellationTokenSource();
        using var scope = new CallScope(_clock, Deadline, caller.Token);

        await caller.CancelAsync();

        Assert.True(scope.IsOver && scope.IsCanceledByCaller);
        Assert.Equal(FaultKind.Canceled, scope.EndFault.Kind);
    }

    [Fact]
    public void Progress_begins_the_deadline_anew()
    {
        using var scope = new CallScope(_clock, Deadline, default);
        for (int round = 0; round < 5; round++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            scope.RestartDeadline();
        }

        Assert.False(scope.IsOver);
        _clock.Advance(Deadline);
        Assert.True(scope.IsOver);
    }

    [Fact]
    public void The_producer_s_time_is_not_counted()
    {
        using var scope = new CallScope(_clock, Deadline, default);

        scope.StopDeadline();
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(scope.IsOver);
        scope.RestartDeadline();
        _clock.Advance(Deadline);

        Assert.True(scope.IsOver);
    }

    [Fact]
    public void What_is_over_stays_over()
    {
        using var scope = new CallScope(_clock, Deadline, default);
        _clock.Advance(Deadline);

        scope.RestartDeadline();
        scope.StopDeadline();

        Assert.True(scope.IsOver);
    }

    // A timer's callback needs a thread of the pool, which a store into a fast table can keep busy.
    [Fact]
    public void The_deadline_holds_also_while_no_thread_is_free_for_its_timer()
    {
        using var scope = new CallScope(_clock, Deadline, default);
        _clock.AreTimersHeldUp = true;
        _clock.Advance(Deadline);

        Assert.True(scope.IsOver);
        scope.RestartDeadline();
        Assert.True(scope.IsOver);
        Assert.Equal((StoreProblemReason.DeadlineExceeded, FaultKind.DeadlineExceeded), (scope.EndReason, scope.EndFault.Kind));
    }

    [Fact]
    public void Costs_add_up()
    {
        using var scope = new CallScope(_clock, Deadline, default);
        Assert.Equal("none", scope.RetryReasons);

        Parallel.For(0, 1_000, index =>
        {
            scope.CountRequest(index % 4 != 0 ? null : index % 8 == 0 ? "unavailable" : "throttled");
            scope.CountUnits(new PageReply { Units = 0.25 });
            scope.CountUnits(new LookupReply { KeyCount = 1, Units = 0.25 });
            scope.CountUnits(new WriteReply { Sent = 1, Units = 1.5 });
            scope.CountUnits(new UpdateReply { Units = 0.5 });
        });

        Assert.Equal((1_000, 250, 500, 2_000), (scope.Requests, scope.Retries, scope.ReadUnits, scope.WriteUnits));
        Assert.Equal("throttled 125, unavailable 125", scope.RetryReasons);
    }

    [Fact]
    public void No_timer_is_left_behind()
    {
        new CallScope(_clock, Deadline, default).Dispose();

        Assert.Equal(0, _clock.Waiting);
    }

    // The timers of the system take no more than 49 days.
    [Fact]
    public void A_deadline_may_be_as_long_as_a_time_span()
    {
        using var scope = new CallScope(TimeProvider.System, TimeSpan.MaxValue, default);

        Assert.False(scope.IsOver);
    }

    [Fact]
    public void A_call_that_has_ended_hears_no_more_of_its_caller()
    {
        using var caller = new CancellationTokenSource();
        CallScope scope = Some.Scope(caller: caller.Token);
        scope.Dispose();

        caller.Cancel();

        Assert.False(scope.IsOver);
    }
}
