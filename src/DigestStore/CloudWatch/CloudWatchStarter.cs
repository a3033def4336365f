using DigestStore.Calls;
using Microsoft.Extensions.DependencyInjection;
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
            // The container is disposed of, say; a store must not end with it.
        }
    }
}
