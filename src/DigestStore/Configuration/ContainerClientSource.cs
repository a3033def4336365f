using Amazon.DynamoDBv2;
using DigestStore.Table;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.Configuration;

// The container's client if it has one, else our own. Asked for at the first call, so that resolving a repository never fails.
internal sealed class ContainerClientSource(IServiceProvider provider, string name, ILoggerFactory? loggers) : ITableSource
{
    private readonly Lock _gate = new();
    private ITableSource? _source;

    public IDigestTable Open(DigestStoreOptions options)
    {
        lock (_gate)
        {
            _source ??= Find();
            return _source.Open(options);
        }
    }

    public void Dispose() => _source?.Dispose();

    private ITableSource Find()
    {
        IAmazonDynamoDB? keyed = name.Length > 0 && provider is IKeyedServiceProvider ? provider.GetKeyedService<IAmazonDynamoDB>(name) : null;
        if ((keyed ?? provider.GetService<IAmazonDynamoDB>()) is not { } client)
        {
            return new OwnClientSource();
        }

        DigestRepository.WarnIfRisky(client, new StoreLog((loggers ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category)));
        return new InjectedClientSource(client);
    }
}
