namespace DigestStore.Testing;

/// <summary>A clock that stands still until a test moves it, so that back-offs, time-outs and deadlines take no real time.</summary>
/// <remarks>
/// Hand it to whatever is tested as its <see cref="TimeProvider"/>. There are two ways to move it:
/// <list type="bullet">
/// <item><description><see cref="RunAsync{T}(Func{Task{T}}, Func{bool}?)"/> runs something to its end and jumps to the next timer whenever
/// everything waits. A timer fires only when nothing is left to do, so a deadline of minutes does not end work that is on its way.</description></item>
/// <item><description><see cref="Advance"/> moves it by a given time.</description></item>
/// </list>
/// Timers fire in the order of their due times, each sees its own due time as "now", and their callbacks run on the thread that moves the
/// clock. Safe for concurrent use, but only one at a time should move it.
/// </remarks>
/// <example>
/// <code>
/// var clock = new VirtualTimeProvider();
/// using var repository = new InMemoryDigestRepository(services: new DigestStoreServices { TimeProvider = clock });
/// repository.Faults.Hang();
/// StoreResult result = await clock.RunAsync(() => repository.StoreAsync(date, items));
/// </code>
/// </example>
public sealed class VirtualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;
    private TimeSpan _wallClockShift;
    private long _order;
    private long _activity;

    /// <summary>Makes a clock that stands at 2026-11-21 06:00 UTC.</summary>
    public VirtualTimeProvider()
        : this(new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Makes a clock that stands at <paramref name="start"/>.</summary>
    /// <param name="start">The first "now".</param>
    public VirtualTimeProvider(DateTimeOffset start)
    {
        _start = start;
    }

    /// <summary>UTC.</summary>
    /// <value><see cref="TimeZoneInfo.Utc"/>, whatever the machine's zone is.</value>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timestamps are ticks of 100 ns.</summary>
    /// <value><see cref="TimeSpan.TicksPerSecond"/>.</value>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The virtual time since the start.</summary>
    /// <value>Zero at first; jumps of the wall clock are no part of it.</value>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
            {
                return _elapsed;
            }
        }
    }

    /// <summary>How many timers are armed: a test can see that a deadline was disposed of.</summary>
    /// <value>0 at first.</value>
    public int PendingTimers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>How far the next timer is away.</summary>
    /// <value><see langword="null"/> if none is armed.</value>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_lock)
            {
                return FindNext() is { } next ? next.Due - _elapsed : null;
            }
        }
    }

    // How long, in real time, work may be idle while no timer is armed. Null means the limit that VirtualTimeRunner chooses.
    internal TimeSpan? IdleLimit { get; init; }

    // Grows whenever a timer is armed, changed, fired or disposed of. VirtualTimeRunner takes that for activity of the work.
    internal long Activity => Interlocked.Read(ref _activity);

    /// <summary>The virtual time of day.</summary>
    /// <returns>The start, moved by <see cref="Elapsed"/> and by the jumps of the wall clock.</returns>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _start + _elapsed + _wallClockShift;
        }
    }

    /// <summary>The virtual monotonic time.</summary>
    /// <returns>The ticks of <see cref="Elapsed"/>.</returns>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <summary>Arms a timer; it fires when the clock is moved past its due time, never by itself.</summary>
    /// <param name="callback">Runs on the thread that moves the clock.</param>
    /// <param name="state">Is handed to <paramref name="callback"/>.</param>
    /// <param name="dueTime">The time until it fires first; <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <param name="period">The time between firings after that; zero or <see cref="Timeout.InfiniteTimeSpan"/> to fire once.</param>
    /// <returns>The timer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is <see langword="null"/>.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the wall clock forward or back. Monotonic time and timers are untouched, as when NTP corrects a machine.</summary>
    /// <param name="by">How far; negative for back.</param>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_lock)
        {
            _wallClockShift += by;
        }
    }

    /// <summary>Moves time on and fires every timer that falls due on the way, including the timers that their callbacks arm.</summary>
    /// <param name="by">How far; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target = Elapsed + by;
        while (FireNext(target))
        {
        }

        lock (_lock)
        {
            _elapsed = target > _elapsed ? target : _elapsed;
        }
    }

    /// <summary>Jumps to the next timer and fires it.</summary>
    /// <returns><see langword="false"/> if none is armed.</returns>
    public bool AdvanceToNextTimer() => FireNext(TimeSpan.MaxValue);

    /// <summary>Runs <paramref name="work"/> to its end, jumping from timer to timer while everything waits.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="work">
    /// Starts what waits on this clock. It runs on the thread pool, and this clock sees exactly when the work, with all that it has started,
    /// is idle, so no timer fires early on a slow machine. It must not block a thread while it waits on this clock.
    /// </param>
    /// <param name="isBusy">
    /// <see langword="true"/> while something works that this clock cannot see, such as a server of the test at the other end of a socket;
    /// <see langword="null"/> (the default) if everything happens in <paramref name="work"/>, which is then quicker.
    /// </param>
    /// <returns>What the work returns; its exception comes out as it is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is <see langword="null"/>.</exception>
    /// <exception cref="TimeoutException">
    /// It has not ended after 60 s of real time or 7 days of virtual time; or it waits on something other than this clock: for 10 s of real
    /// time (30 s with <paramref name="isBusy"/>) no timer was armed and nothing of it ran.
    /// </exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, Func<bool>? isBusy = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        var flow = new WatchedFlow();
        Task<T> task = flow.Start(work);
        await new VirtualTimeRunner(this, isBusy, flow).RunAsync(task).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="RunAsync{T}(Func{Task{T}}, Func{bool}?)"/>
    /// <returns>A task that ends with the work.</returns>
    public Task RunAsync(Func<Task> work, Func<bool>? isBusy = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(
            async () =>
            {
                await work().ConfigureAwait(false);
                return true;
            },
            isBusy);
    }

    /// <summary>Runs a task that has begun to its end, jumping from timer to timer while everything waits.</summary>
    /// <typeparam name="T">What the task returns.</typeparam>
    /// <param name="task">
    /// What waits on this clock. Whether it is idle can only be seen from outside, by waiting until there was no activity for a while, so
    /// prefer the overload that takes a function.
    /// </param>
    /// <param name="isBusy"><see langword="true"/> while something works that this clock cannot see; <see langword="null"/> (the default) for nothing.</param>
    /// <returns>What the task returns; its exception comes out as it is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is <see langword="null"/>.</exception>
    /// <exception cref="TimeoutException">
    /// It has not ended after 60 s of real time or 7 days of virtual time; or it waits on something other than this clock: for 30 s of real
    /// time no timer was armed and there was no activity.
    /// </exception>
    public async Task<T> RunAsync<T>(Task<T> task, Func<bool>? isBusy = null)
    {
        await RunAsync((Task)task, isBusy).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="RunAsync{T}(Task{T}, Func{bool}?)"/>
    /// <returns>A task that ends with <paramref name="task"/>.</returns>
    public async Task RunAsync(Task task, Func<bool>? isBusy = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        await new VirtualTimeRunner(this, isBusy, flow: null).RunAsync(task).ConfigureAwait(false);
        await task.ConfigureAwait(false);
    }

    internal bool Arm(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            _activity++;
            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Schedule(timer, dueTime);
            }

            return true;
        }
    }

    internal void Disarm(VirtualTimer timer)
    {
        lock (_lock)
        {
            _activity++;
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    // A timer that is due after the last possible date never fires, so it is not armed.
    private void Schedule(VirtualTimer timer, TimeSpan dueTime)
    {
        if (dueTime <= DateTimeOffset.MaxValue - _start - _elapsed)
        {
            timer.Due = _elapsed + dueTime;
            timer.Order = ++_order;
            _timers.Add(timer);
        }
    }

    private bool FireNext(TimeSpan limit)
    {
        VirtualTimer next;
        lock (_lock)
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
                Schedule(next, next.Period);
            }
        }

        // The callback runs outside the lock, because it may arm timers or read the clock.
        next.Fire();
        return true;
    }

    private VirtualTimer? FindNext() => _timers.MinBy(timer => (timer.Due, timer.Order));
}
