namespace DigestStore.Testing;

// Controls only the time of day. Timers run in real time, because requests to a real engine take real time.
internal sealed class ContractClock : TimeProvider
{
    // The date is far in the future, so that an engine does not remove the expired items of a clause while it runs.
    public static readonly DateTimeOffset Start = new DateTimeOffset(2100, 3, 4, 5, 6, 7, TimeSpan.Zero).AddMilliseconds(250);

    private long _ticks = Start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public void SetTo(DateTimeOffset instant) => Interlocked.Exchange(ref _ticks, instant.UtcTicks);
}
