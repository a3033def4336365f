namespace DigestStore.Delivery;

// How long a holder may rely on its lease. It counts from before the first attempt of the request that acquired or renewed the lease, and ends
// earlier than the lease by the allowance for the clocks of others. It is over as soon as one of two clocks says so: the monotonic clock, which
// nobody can set back, or the wall clock, which goes on while the machine is suspended.
internal sealed class LeaseClock(TimeProvider time, TimeSpan duration, TimeSpan allowance)
{
    // After two steps without an answer, nearly half of the lease is left.
    private const int PartsOfStep = 3;

    private readonly Lock _lock = new();
    private long _endsAt;
    private long _endsAtUtcTicks;
    private long _askedAt = time.GetTimestamp();
    private DateTimeOffset _askedAtUtc = time.GetUtcNow();

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

    // Too little is left for the steps before the email and for the email.
    public bool IsShort => Left < Usable / 2;

    // How long a step before the email may take. A lease that is over has to be renewed, and a renewal whose answer comes later than that helps nobody.
    public TimeSpan TimeOfStep => Left is var left && left > TimeSpan.Zero ? left / PartsOfStep : Usable;

    private TimeSpan Usable => duration - allowance;

    // Directly before a lease is asked for. The machine may be suspended while the request is under way, which only the wall clock tells.
    public void Ask()
    {
        lock (_lock)
        {
            (_askedAt, _askedAtUtc) = (time.GetTimestamp(), time.GetUtcNow());
        }
    }

    // No earlier beginning: an answer that was overtaken by another one must not shorten the lease.
    public void Start(long beganAt)
    {
        long endsAt = beganAt + (long)(Usable.TotalSeconds * time.TimestampFrequency);
        lock (_lock)
        {
            if (endsAt >= _endsAt)
            {
                Volatile.Write(ref _endsAtUtcTicks, (_askedAtUtc + time.GetElapsedTime(_askedAt, beganAt) + Usable).UtcTicks);
                Volatile.Write(ref _endsAt, endsAt);
            }
        }
    }
}
