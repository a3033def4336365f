namespace DigestStore.Health;

// What a repository of ours offers to a health check beyond IDigestRepository: a read that is not taken for a caller's.
internal interface IProbeTarget
{
    // Reads a key of the date that nobody stores.
    Task ProbeAsync(DateOnly date, CancellationToken cancellationToken);
}
