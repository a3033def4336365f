namespace DigestStore.Health;

// A repository that has a read of its own for health checks, so that telemetry does not show a probe as a read of a caller.
internal interface IProbeTarget
{
    // Reads a key of the date that no store writes.
    Task ProbeAsync(DateOnly date, CancellationToken cancellationToken);
}
