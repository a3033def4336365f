namespace DigestStore.TestSupport;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire in the order of their due times, on the thread that moves the
/// clock, and each sees its own due time as "now".
/// </summary>
/// <remarks>
/// There are two ways to move it. <see cref="Advance"/> moves by a given time. <see cref="RunAsync{T}"/> runs a task to its end
/// and jumps to the next timer whenever everything waits, so that back-offs take no real time; a timer never fires only because
/// it was created, so deadlines and delays may share the clock.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;
    private TimeSpan _wallClockShift;
    private long _order;
    private long _activity;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTimeProvider(DateTimeOffset start)
    {
        _start = start;
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The virtual time since the start; wall-clock jumps are no part of it.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    /// <summary>Timers that are armed: a test can see that a deadline was disposed of.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>How far the next timer is away; null if none is armed.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_gate)
            {
                return FindNext() is { } next ? next.Due - _elapsed : null;
            }
        }
    }

    /// <summary>Grows whenever a timer is armed, changed, fired or disposed of: the sign of life that <see cref="RunAsync{T}"/> watches.</summary>
    internal long Activity => Interlocked.Read(ref _activity);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _start + _elapsed + _wallClockShift;
        }
    }

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the wall clock forward or back. Monotonic time and timers are untouched, as when NTP corrects a machine.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _wallClockShift += by;
        }
    }

    /// <summary>Moves time on and fires every timer that falls due on the way, those too that the fired ones arm.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = Elapsed + by;
        while (FireNext(target))
        {
        }

        lock (_gate)
        {
            _elapsed = target > _elapsed ? target : _elapsed;
        }
    }

    /// <summary>Jumps to the next timer and fires it; false if none is armed.</summary>
    public bool AdvanceToNextTimer() => FireNext(TimeSpan.MaxValue);

    /// <summary>Runs <paramref name="task"/> to its end, jumping from timer to timer while everything waits.</summary>
    /// <param name="task">The work that waits on this clock.</param>
    /// <param name="isBusy">True while work is under way that this clock cannot see, such as <c>() =&gt; server.IsBusy</c>.</param>
    public async Task<T> RunAsync<T>(Task<T> task, Func<bool>? isBusy = null)
    {
        await RunAsync((Task)task, isBusy);
        return await task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public async Task RunAsync(Task task, Func<bool>? isBusy = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        await new TimePump(this, isBusy).RunAsync(task);
        await task;
    }

    internal void Arm(ManualTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _activity++;
            _timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.Due = _elapsed + dueTime;
                timer.Order = ++_order;
                _timers.Add(timer);
            }
        }
    }

    private bool FireNext(TimeSpan limit)
    {
        ManualTimer next;
        lock (_gate)
        {
            if (FindNext() is not { } found || found.Due > limit)
            {
                return false;
            }

            next = found;
            _activity++;
            _timers.Remove(next);
            _elapsed = next.Due > _elapsed ? next.Due : _elapsed;
            if (next.Period > TimeSpan.Zero)
            {
                next.Due = _elapsed + next.Period;
                next.Order = ++_order;
                _timers.Add(next);
            }
        }

        // Outside the lock: the callback may arm timers or read the clock.
        next.Fire();
        return true;
    }

    private ManualTimer? FindNext() => _timers.MinBy(timer => (timer.Due, timer.Order));
}
