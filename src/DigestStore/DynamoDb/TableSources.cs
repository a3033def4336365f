using Amazon.DynamoDBv2;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// Uses the client of the host, which also owns it: it is neither configured nor disposed here.
internal sealed class InjectedClientSource(IAmazonDynamoDB client) : ITableSource
{
    private readonly DynamoDbTable _table = new(client);

    public IDigestTable Open(DigestStoreOptions options) => _table;

    public object PlaceOf(DigestStoreOptions options) => DynamoDbPlace.Of(client.Config?.ServiceURL, client.Config?.RegionEndpoint?.SystemName);

    public void Dispose()
    {
    }
}

// Uses the library's own client. It is created with the first request, and again when an options reload changes a setting of it. Older
// clients are disposed only with this source, because calls may still be using them.
internal sealed class OwnClientSource(bool readsPages) : ITableSource
{
    // The AppContext switch that makes the SDK read the pages, as it does with a client of the host. It is for the case that DynamoDB sends a
    // page that PageBody cannot read.
    public const string ReadPagesThroughSdkSwitch = "DigestStore.ReadPagesThroughSdk";

    private readonly Lock _lock = new();
    private readonly List<OwnClient> _clients = [];
    private ClientKey? _key;
    private DynamoDbTable? _table;
    private bool _isDisposed;

    public OwnClientSource()
        : this(readsPages: !(AppContext.TryGetSwitch(ReadPagesThroughSdkSwitch, out bool isThroughSdk) && isThroughSdk))
    {
    }

    public IDigestTable Open(DigestStoreOptions options)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var key = new ClientKey(options.Region, options.ServiceUrl, options.ConnectTimeout, options.MaxConcurrency);
            if (_table is null || key != _key)
            {
                var client = new OwnClient(options);
                _clients.Add(client);
                (_key, _table) = (key, new DynamoDbTable(client.Get, readsPages: readsPages));
            }

            return _table;
        }
    }

    public object PlaceOf(DigestStoreOptions options) => DynamoDbPlace.Of(options.ServiceUrl, options.Region);

    public void Dispose()
    {
        lock (_lock)
        {
            _clients.ForEach(client => client.Dispose());
            _clients.Clear();
            (_key, _table, _isDisposed) = (null, null, true);
        }
    }

    private sealed record ClientKey(string? Region, string? ServiceUrl, TimeSpan ConnectTimeout, int MaxConcurrency);

    // If the options have no region, the SDK's constructor looks for one, in the end on the network, and blocks for about 15 seconds if
    // nobody answers. The client is therefore created inside an attempt, which has a time limit.
    private sealed class OwnClient(DigestStoreOptions options) : IDisposable
    {
        private readonly Lock _creationLock = new();
        private readonly InspectingHttpClientFactory _httpClients = new(options);
        private volatile AmazonDynamoDBClient? _client;
        private volatile bool _isDisposed;

        public AmazonDynamoDBClient Get()
        {
            SdkCall.Current?.BeginPreparation();
            if (_client is { } made)
            {
                return made;
            }

            lock (_creationLock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                _client ??= ClientFactory.Create(options, _httpClients);
                if (_isDisposed)
                {
                    // Dispose was called while the constructor ran, and saw no client.
                    _client.Dispose();
                }

                return _client;
            }
        }

        // Dispose does not take the lock, because the shutdown of the host must not wait for a constructor that hangs. A client that is created
        // later cannot send, since its HTTP client is disposed.
        public void Dispose()
        {
            _isDisposed = true;
            _client?.Dispose();
            _httpClients.Dispose();
        }
    }
}

// A service by its address, or by its region. A client of the host and the library's own may write one address differently.
internal static class DynamoDbPlace
{
    public static string Of(string? serviceUrl, string? region) => Uri.TryCreate(serviceUrl, UriKind.Absolute, out Uri? address) ? address.AbsoluteUri : region ?? "";
}
