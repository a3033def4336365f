namespace DigestStore.Testing;

// Only the time of day is under control: timers stay real, since requests to a real engine take real time.
internal sealed class ContractClock : TimeProvider
{
    // So far ahead that an engine's own removal of expired items never mixes in.
    public static readonly DateTimeOffset Start = new DateTimeOffset(2100, 3, 4, 5, 6, 7, TimeSpan.Zero).AddMilliseconds(250);

    private long _ticks = Start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public void SetTo(DateTimeOffset instant) => Interlocked.Exchange(ref _ticks, instant.UtcTicks);
}
