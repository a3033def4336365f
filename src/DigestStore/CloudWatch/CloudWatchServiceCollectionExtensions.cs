using DigestStore;
using DigestStore.CloudWatch;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the store's metrics for CloudWatch.</summary>
public static class CloudWatchServiceCollectionExtensions
{
    /// <summary>Writes the metrics of every digest store of this container as lines of CloudWatch's embedded metric format, by default to standard output.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Sets the options; several calls add up.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// Safe to call more than once. A host starts it, and it writes on an interval and on shutdown. Without a host it starts with the
    /// first call of a store of this container: call <c>provider.GetRequiredService&lt;CloudWatchMetrics&gt;().Flush()</c> at the end
    /// of each invocation, and dispose of the container at the end of the process. Invalid options stop the start of a host; without
    /// one they are logged, and what is resolved writes nothing. A repository that was made with <c>new</c> counts here only if it was
    /// handed this container's <c>IMeterFactory</c>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddCloudWatchMetrics(this IServiceCollection services, Action<CloudWatchMetricsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CloudWatchMetricsOptions>, CloudWatchMetricsOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DigestStoreOptions>, CloudWatchStarter>());
        OptionsBuilder<CloudWatchMetricsOptions> options = services.AddOptions<CloudWatchMetricsOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton<ContainerMeters>();
        services.TryAddSingleton(CloudWatchFactory.Create);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CloudWatchService>());
        return services;
    }
}
