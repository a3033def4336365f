namespace DigestStore.Testing;

internal sealed class VirtualTimer(VirtualTimeProvider time, TimerCallback callback, object? state) : ITimer
{
    // The lock of VirtualTimeProvider guards these properties.
    public bool IsDisposed { get; set; }

    public TimeSpan Due { get; set; }

    public long Order { get; set; }

    public TimeSpan Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) => time.Arm(this, dueTime, period);

    public void Fire() => callback(state);

    public void Dispose() => time.Disarm(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
