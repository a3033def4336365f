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

    /// <summary>The time of day by which the email of today must have been sent, in <see cref="DigestStoreOptions.TimeZone"/> of the store.</summary>
    /// <remarks>
    /// From that time until midnight, the check also asks <see cref="IDigestDelivery.GetDeliveryAsync"/> for today, until it has once found the email
    /// delivered. While a sender is at it, the check is degraded. In every other case the store counts as one that cannot work.
    /// </remarks>
    /// <value>Default <see langword="null"/>: the check does not ask for deliveries.</value>
    public TimeOnly? DeliveredBy { get; set; }
}
