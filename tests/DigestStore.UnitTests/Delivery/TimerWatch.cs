namespace DigestStore.UnitTests.Delivery;

/// <summary>A clock that tells when a timer of one length begins and when it is disposed of: the moments between two steps that no request shows.</summary>
internal sealed class TimerWatch(TimeProvider clock, TimeSpan watched) : TimeProvider
{
    public Action Begun { get; set; } = static () => { };

    public Action Disposing { get; set; } = static () => { };

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime != watched)
        {
            return timer;
        }

        Begun();
        return new WatchedTimer(this, timer);
    }

    private sealed class WatchedTimer(TimerWatch watch, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            watch.Disposing();
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
