namespace EmailDigest.Tests.Support;

/// <summary>The clock of a run that comes later: the lease of a run that was killed has ended by then, and no test waits for that.</summary>
internal sealed class LaterClock(TimeSpan later) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + later;
}
