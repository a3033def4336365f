namespace DigestStore.FaultTests.Child;

/// <summary>A clock that begins anew in every round, later than any lease of the round before can last. It goes on as the real one does.</summary>
public sealed class FileClock(int round) : TimeProvider
{
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMinutes(20);

    private readonly DateTimeOffset _start = new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero) + (BetweenRounds * round);
    private readonly long _began = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + System.GetElapsedTime(_began);
}
