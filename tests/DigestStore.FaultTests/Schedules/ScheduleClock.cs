using DigestStore.Testing;

namespace DigestStore.FaultTests;

/// <summary>The clock of one process on virtual time. It is off by a constant, its timers stand still while the process is paused, and never fire again after its crash.</summary>
internal sealed class ScheduleClock(VirtualTimeProvider world, TimeSpan offset) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(TimeSpan From, TimeSpan To)> _pauses = [];

    public TimeSpan Offset => offset;

    /// <summary>Ends with the crash.</summary>
    public Task Crashed => _crashed.Task;

    public bool IsCrashed => _crashed.Task.IsCompleted;

    public override long TimestampFrequency => world.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow() + offset;

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new HeldTimer(this, callback, state, dueTime, period);

    public void Crash() => _crashed.TrySetResult();

    public async Task PauseAsync(TimeSpan time)
    {
        lock (_lock)
        {
            _pauses.Add((world.Elapsed, world.Elapsed + time));
        }

        await HoldAsync();
    }

    /// <summary>Every await of the process comes by here: it goes on after the pause, and never after the crash.</summary>
    public async Task HoldAsync()
    {
        while (PauseLeft() is var left && left > TimeSpan.Zero && !IsCrashed)
        {
            // Task.Delay cuts fractions of a millisecond off.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), world);
        }

        if (IsCrashed)
        {
            await new TaskCompletionSource().Task;
        }
    }

    /// <summary>Whether the process stood still at a moment, or began to go on no longer than a second before it.</summary>
    public bool WasPausedAround(TimeSpan from, TimeSpan to)
    {
        lock (_lock)
        {
            return _pauses.Exists(pause => pause.From <= to && pause.To + TimeSpan.FromSeconds(1) >= from);
        }
    }

    private TimeSpan PauseLeft()
    {
        lock (_lock)
        {
            return _pauses.Count == 0 ? TimeSpan.Zero : _pauses.Max(static pause => pause.To) - world.Elapsed;
        }
    }

    private sealed class HeldTimer : ITimer
    {
        private readonly ScheduleClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _timer;

        public HeldTimer(ScheduleClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _timer = clock.World.CreateTimer(static held => ((HeldTimer)held!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync() => _timer.DisposeAsync();

        private void Fire()
        {
            if (_clock.IsCrashed)
            {
                return;
            }

            if (_clock.PauseLeft() is var left && left > TimeSpan.Zero)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _callback(_state);
        }
    }

    private VirtualTimeProvider World => world;
}
