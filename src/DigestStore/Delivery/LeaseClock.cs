namespace DigestStore.Delivery;

// How long a holder may rely on its lease. It counts on the monotonic clock, from before the first attempt of the request that acquired or
// renewed the lease, and ends earlier than the lease by the allowance for the clocks of others.
internal sealed class LeaseClock(TimeProvider time, TimeSpan duration, TimeSpan allowance)
{
    private long _endsAt;

    public TimeSpan Left => time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _endsAt));

    public bool IsOver => Left <= TimeSpan.Zero;

    // A later beginning only: an answer that was overtaken by another one must not shorten the lease.
    public void Start(long beganAt)
    {
        long endsAt = beganAt + (long)((duration - allowance).TotalSeconds * time.TimestampFrequency);
        long known = Volatile.Read(ref _endsAt);
        while (endsAt > known)
        {
            long seen = Interlocked.CompareExchange(ref _endsAt, endsAt, known);
            if (seen == known)
            {
                return;
            }

            known = seen;
        }
    }
}
