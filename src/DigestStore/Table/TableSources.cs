using Amazon.DynamoDBv2;
using DigestStore.Configuration;

namespace DigestStore.Table;

// Where a call gets its table from; opening may throw and is then a fault of the call.
internal interface ITableSource : IDisposable
{
    IDigestTable Open(DigestStoreOptions options);
}

// The host's client: used as it is, never disposed.
internal sealed class InjectedClientSource(IAmazonDynamoDB client) : ITableSource
{
    private readonly DynamoDbTable _table = new(client);

    public IDigestTable Open(DigestStoreOptions options) => _table;

    public void Dispose()
    {
    }
}

// The library's own client: made at the first call, made anew when a reload points it elsewhere. Older ones live until the end,
// since calls may still be using them.
internal sealed class OwnClientSource : ITableSource
{
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _owned = [];
    private ClientKey? _key;
    private DynamoDbTable? _table;

    public IDigestTable Open(DigestStoreOptions options)
    {
        lock (_gate)
        {
            var key = new ClientKey(options.Region, options.ServiceUrl, options.ConnectTimeout, options.MaxConcurrency);
            if (_table is null || key != _key)
            {
                var httpClients = new GatedHttpClientFactory(options);
                _owned.Add(httpClients);
                AmazonDynamoDBClient client = ClientFactory.Create(options, httpClients);
                _owned.Add(client);
                (_key, _table) = (key, new DynamoDbTable(client));
            }

            return _table;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _owned.ForEach(owned => owned.Dispose());
            _owned.Clear();
            (_key, _table) = (null, null);
        }
    }

    private sealed record ClientKey(string? Region, string? ServiceUrl, TimeSpan ConnectTimeout, int MaxConcurrency);
}
