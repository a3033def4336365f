using DigestStore.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DigestStore.CloudWatch;

// A container without a host, as on Lambda, starts no hosted service: here the first call of a store does, when it asks for its options.
internal sealed class CloudWatchStarter(IServiceProvider provider) : IPostConfigureOptions<DigestStoreOptions>
{
    public void PostConfigure(string? name, DigestStoreOptions options)
    {
        try
        {
            provider.GetRequiredService<CloudWatchMetrics>();
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // Metrics that cannot start must not stop a store.
            string problem = exception is OptionsValidationException invalid ? string.Join(" ", invalid.Failures) : exception.GetType().Name;
            new CloudWatchLog(provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).NotStarted(problem);
        }
    }
}
