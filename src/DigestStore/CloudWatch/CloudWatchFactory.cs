using DigestStore.Calls;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DigestStore.CloudWatch;

// Metrics that cannot start must break neither a store nor the code that flushes them, so an inactive instance takes their place. A host
// never gets here with invalid options, because its start validates them.
internal static class CloudWatchFactory
{
    public static CloudWatchMetrics Create(IServiceProvider provider)
    {
        try
        {
            return new CloudWatchMetrics(
                provider.GetRequiredService<IOptions<CloudWatchMetricsOptions>>().Value,
                provider.GetService<ILoggerFactory>(),
                provider.GetService<TimeProvider>(),
                provider.GetRequiredService<ContainerMeters>().Has);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            string problem = exception is OptionsValidationException invalid ? string.Join(" ", invalid.Failures) : exception.GetType().Name;
            new CloudWatchLog(provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).NotStarted(problem);
            return CreateInactive();
        }
    }

    // This instance listens to no meter, so it never has anything to write.
    private static CloudWatchMetrics CreateInactive() =>
        new(new CloudWatchMetricsOptions { Writer = TextWriter.Null, Interval = CloudWatchRules.LongestInterval }, null, null, static _ => false);
}
