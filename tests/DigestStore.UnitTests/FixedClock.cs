namespace DigestStore.UnitTests;

// A clock that stands still until it is told. Timers that are due within Hurry move it forward and fire at once, so that back-off
// takes no time while deadlines and time-outs wait for Advance.
internal sealed class FixedClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = Start;

    public static DateTimeOffset Start { get; } = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    public TimeSpan Hurry { get; set; } = TimeSpan.Zero;

    // As when no thread is free for what a timer calls.
    public bool AreTimersHeldUp { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    // How many timers wait to be fired.
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public int WaitingLongerThan(TimeSpan span)
    {
        lock (_gate)
        {
            return _timers.Count(timer => timer.Due - _now > span);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan span)
    {
        Timer[] due;
        lock (_gate)
        {
            _now += span;
            if (AreTimersHeldUp)
            {
                return;
            }

            due = [.. _timers.Where(timer => timer.Due <= _now)];
            _timers.RemoveAll(timer => timer.Due <= _now);
        }

        foreach (Timer timer in due)
        {
            timer.Fire();
        }
    }

    private void Set(Timer timer, TimeSpan due)
    {
        bool atOnce = due >= TimeSpan.Zero && due <= Hurry;
        lock (_gate)
        {
            _timers.Remove(timer);
            if (due >= TimeSpan.Zero)
            {
                timer.Due = _now + due;
                _timers.Add(timer);
            }
        }

        if (atOnce)
        {
            ThreadPool.QueueUserWorkItem(_ => Advance(due));
        }
    }

    private void Remove(Timer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class Timer(FixedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
