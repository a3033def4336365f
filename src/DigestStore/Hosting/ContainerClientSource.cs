using Amazon.DynamoDBv2;
using DigestStore.DynamoDb;
using DigestStore.Table;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.Hosting;

// Uses the IAmazonDynamoDB of the container if there is one, or else a client that the library creates. The container is asked at the first
// call, so that resolving a repository never fails because of the client.
internal sealed class ContainerClientSource(IServiceProvider provider, string name, ILoggerFactory? loggers) : ITableSource
{
    private readonly Lock _lock = new();
    private volatile ITableSource? _source;
    private volatile bool _isDisposed;

    public IDigestTable Open(DigestStoreOptions options)
    {
        lock (_lock)
        {
            return Source().Open(options);
        }
    }

    public object PlaceOf(DigestStoreOptions options)
    {
        lock (_lock)
        {
            return Source().PlaceOf(options);
        }
    }

    // This takes no lock. Open holds it while the application's own client factory runs, and one that hangs must not keep the host from stopping.
    public void Dispose()
    {
        _isDisposed = true;
        _source?.Dispose();
    }

    private ITableSource Source()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _source ??= CreateSource();
        if (_isDisposed)
        {
            // The source was disposed of while the container created the client.
            _source.Dispose();
        }

        return _source;
    }

    private ITableSource CreateSource()
    {
        if (provider.GetNamedOrUnnamed<IAmazonDynamoDB>(name) is not { } client)
        {
            return new OwnClientSource();
        }

        DigestRepository.WarnIfClientRetriesOrRedirects(client, new StoreLog((loggers ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category)));
        return new InjectedClientSource(client);
    }
}
