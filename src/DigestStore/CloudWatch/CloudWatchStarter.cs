using DigestStore.Calls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DigestStore.CloudWatch;

// A container without a host, as on Lambda, starts no hosted service. There the first call of a store creates the metrics, because it asks
// for the store's options.
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
            // The container may be disposed of already, for example, which must not break a store.
        }
    }
}
