using Amazon.DynamoDBv2;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

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

// The library's own client: made with the first request, made anew when a reload points it elsewhere. Older ones live until the end,
// since calls may still be using them.
internal sealed class OwnClientSource(bool readsPages) : ITableSource
{
    // For an emergency: pages are then read through the SDK, as they are with a client of the host's.
    public const string Switch = "DigestStore.ReadPagesThroughSdk";

    private readonly Lock _gate = new();
    private readonly List<OwnClient> _owned = [];
    private ClientKey? _key;
    private DynamoDbTable? _table;
    private bool _isDisposed;

    public OwnClientSource()
        : this(readsPages: !(AppContext.TryGetSwitch(Switch, out bool isThroughSdk) && isThroughSdk))
    {
    }

    public IDigestTable Open(DigestStoreOptions options)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var key = new ClientKey(options.Region, options.ServiceUrl, options.ConnectTimeout, options.MaxConcurrency);
            if (_table is null || key != _key)
            {
                var client = new OwnClient(options);
                _owned.Add(client);
                (_key, _table) = (key, new DynamoDbTable(client.Get, readsPages: readsPages));
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
            (_key, _table, _isDisposed) = (null, null, true);
        }
    }

    private sealed record ClientKey(string? Region, string? ServiceUrl, TimeSpan ConnectTimeout, int MaxConcurrency);

    // Without a region in the options the SDK's constructor looks for one, at last on the network, and blocks for a quarter of a
    // minute where nobody answers. So a client is made inside an attempt, which is bounded in time like every other.
    private sealed class OwnClient(DigestStoreOptions options) : IDisposable
    {
        private readonly Lock _making = new();
        private readonly GatedHttpClientFactory _httpClients = new(options);
        private volatile AmazonDynamoDBClient? _client;
        private volatile bool _disposed;

        public AmazonDynamoDBClient Get()
        {
            Attempt.Current?.Prepare();
            if (_client is { } made)
            {
                return made;
            }

            lock (_making)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _client ??= ClientFactory.Create(options, _httpClients);
                if (_disposed)
                {
                    // While it was being made.
                    _client.Dispose();
                }

                return _client;
            }
        }

        // Not under the lock: a constructor that hangs must not hold up the host's end. What it makes later never gets to send.
        public void Dispose()
        {
            _disposed = true;
            _client?.Dispose();
            _httpClients.Dispose();
        }
    }
}
