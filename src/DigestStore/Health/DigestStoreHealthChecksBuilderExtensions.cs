using DigestStore;
using DigestStore.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks of digest stores.</summary>
public static class DigestStoreHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that reads one key of the store's table.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check; each check of a container needs a name of its own. Default <c>digeststore</c>.</param>
    /// <param name="failureStatus">The status of a store that cannot work; <see langword="null"/> for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to select checks by; <see langword="null"/> for none.</param>
    /// <param name="timeout">
    /// How long the health check service waits for the check; <see langword="null"/> for as long as the check takes, which ends by itself after
    /// <see cref="DigestStoreHealthOptions.Deadline"/>.
    /// </param>
    /// <param name="storeName">The name under which the store was registered; <see langword="null"/> or <c>""</c> for the unnamed store.</param>
    /// <param name="configure">Sets the cache, the deadline and by when today's email must be delivered; <see langword="null"/> for the defaults of <see cref="DigestStoreHealthOptions"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// It needs <c>dynamodb:BatchGetItem</c>, which the store needs anyway. Throttling, time-outs and slow answers are degraded; a store
    /// that is switched off is healthy and says so. All who ask this check within <see cref="DigestStoreHealthOptions.CacheFor"/> share one read.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The options are invalid; the message names value, rule and remedy.</exception>
    public static IHealthChecksBuilder AddDigestStore(
        this IHealthChecksBuilder builder, string name = "digeststore", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null,
        string? storeName = null, Action<DigestStoreHealthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        var options = new DigestStoreHealthOptions();
        configure?.Invoke(options);
        if (HealthRules.Problem(options) is { Length: > 0 } problem)
        {
            throw new ArgumentException(problem, nameof(configure));
        }

        // The check belongs to the container and not to the registration, because several containers may be built from the same services.
        builder.Services.TryAddKeyedSingleton(name, (provider, _) => Create(provider, storeName, options));
        return builder.Add(new HealthCheckRegistration(name, provider => provider.GetRequiredKeyedService<DigestStoreHealthCheck>(name), failureStatus, tags, timeout));
    }

    private static DigestStoreHealthCheck Create(IServiceProvider provider, string? storeName, DigestStoreHealthOptions options)
    {
        TimeProvider time = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        string? keyed = string.IsNullOrEmpty(storeName) ? null : storeName;
        return new DigestStoreHealthCheck(new HealthProbe(provider.GetRequiredService<IServiceScopeFactory>(), keyed, options, time), options.CacheFor, time);
    }
}
