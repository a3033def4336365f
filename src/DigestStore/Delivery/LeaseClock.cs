namespace DigestStore.Delivery;

// How long a holder may rely on its lease. It counts from before the first attempt of the request that acquired or renewed the lease, and ends
// earlier than the lease by the allowance for the clocks of others. It is over as soon as one of two clocks says so: the monotonic clock, which
// nobody can set back, or the wall clock, which goes on while the machine is suspended.
internal sealed class LeaseClock(TimeProvider time, TimeSpan duration, TimeSpan allowance)
{
    private readonly Lock _lock = new();
    private long _endsAt;
    private long _endsAtUtcTicks;

    public TimeSpan Left
    {
        get
        {
            TimeSpan monotonic = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _endsAt));
            var wall = TimeSpan.FromTicks(Volatile.Read(ref _endsAtUtcTicks) - time.GetUtcNow().UtcTicks);
            return wall < monotonic ? wall : monotonic;
        }
    }

    public bool IsOver => Left <= TimeSpan.Zero;

    // A later beginning only: an answer that was overtaken by another one must not shorten the lease.
    public void Start(long beganAt)
    {
        long endsAt = beganAt + (long)((duration - allowance).TotalSeconds * time.TimestampFrequency);
        lock (_lock)
        {
            if (endsAt > _endsAt)
            {
                Volatile.Write(ref _endsAtUtcTicks, (time.GetUtcNow() - time.GetElapsedTime(beganAt) + (duration - allowance)).UtcTicks);
                Volatile.Write(ref _endsAt, endsAt);
            }
        }
    }
}
