namespace DigestStore.InfrastructureTests.Doctor;

/// <summary>The clock of a machine that is off by <paramref name="shift"/>.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
}
