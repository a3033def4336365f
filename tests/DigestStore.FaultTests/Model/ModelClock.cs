namespace DigestStore.FaultTests;

/// <summary>The system's clock, which can be set forward and back. Timers do not notice.</summary>
internal sealed class ModelClock : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
