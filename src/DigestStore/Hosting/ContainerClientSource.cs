using Amazon.DynamoDBv2;
using DigestStore.DynamoDb;
using DigestStore.Table;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.Hosting;

// The container's client if it has one, else our own. Asked for at the first call, so that resolving a repository never fails.
internal sealed class ContainerClientSource(IServiceProvider provider, string name, ILoggerFactory? loggers) : ITableSource
{
    private readonly Lock _gate = new();
    private volatile ITableSource? _source;
    private volatile bool _isDisposed;

    public IDigestTable Open(DigestStoreOptions options)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _source ??= Find();
            if (_isDisposed)
            {
                // While the container was asked.
                _source.Dispose();
            }

            return _source.Open(options);
        }
    }

    // Not under the lock: a factory of the host's that hangs must not hold up the host's end.
    public void Dispose()
    {
        _isDisposed = true;
        _source?.Dispose();
    }

    private ITableSource Find()
    {
        if (provider.GetNamedOrPlain<IAmazonDynamoDB>(name) is not { } client)
        {
            return new OwnClientSource();
        }

        DigestRepository.WarnIfRisky(client, new StoreLog((loggers ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category)));
        return new InjectedClientSource(client);
    }
}
