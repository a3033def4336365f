namespace DigestStore;

/// <summary>Settings of a digest store's health check.</summary>
public sealed class DigestStoreHealthOptions
{
    /// <summary>How long a result, good or bad, is reused before the table is asked again.</summary>
    /// <value>Default 30 seconds. 0 (every check asks) to 10 min.</value>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a check waits for the table, whatever <see cref="DigestStoreOptions.ReadDeadline"/> is.</summary>
    /// <value>Default 2 seconds. 10 ms to 1 min.</value>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>An answer that took longer than this is degraded.</summary>
    /// <value>Default 1 second. 1 ms to <see cref="Deadline"/>.</value>
    public TimeSpan SlowAfter { get; set; } = TimeSpan.FromSeconds(1);
}
