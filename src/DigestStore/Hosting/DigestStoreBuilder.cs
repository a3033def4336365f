using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Hosting;

internal sealed record DigestStoreBuilder(string Name, IServiceCollection Services) : IDigestStoreBuilder;
