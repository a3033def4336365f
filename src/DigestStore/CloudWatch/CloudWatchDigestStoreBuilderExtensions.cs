using DigestStore;
using DigestStore.CloudWatch;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the stores' metrics for CloudWatch.</summary>
public static class CloudWatchDigestStoreBuilderExtensions
{
    /// <summary>Writes the metrics of every digest store of this container as lines of CloudWatch's embedded metric format, by default to standard output.</summary>
    /// <param name="builder">Any store of the container.</param>
    /// <param name="configure">Sets the options; several calls add up.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// <para>One call is enough for all stores of the container, the named ones too, since they share one set of metrics; more calls do no harm.
    /// A repository that was made with <c>new</c> counts here only if it was handed this container's <c>IMeterFactory</c>.</para>
    /// <para>A host starts the metrics, and they are written on an interval and on shutdown. A host does not start if the options are invalid.</para>
    /// <para>Without a host, the metrics start with the first call of a store of this container. Call
    /// <c>provider.GetRequiredService&lt;CloudWatchMetrics&gt;().Flush()</c> at the end of each invocation, and dispose of the container at the end of
    /// the process. Invalid options are logged, and the <see cref="CloudWatchMetrics"/> of the container then writes nothing.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static IDigestStoreBuilder AddCloudWatchMetrics(this IDigestStoreBuilder builder, Action<CloudWatchMetricsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
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
        return builder;
    }
}
