using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.DataModel;

namespace DigestStore.Benchmarks.Peers;

/// <summary>DynamoDBContext: what most .NET applications use.</summary>
internal sealed class ContextPeer : IStorePeer, IReadPeer
{
    public const string Digest = "context";

    private readonly AmazonDynamoDBClient _client;
    private readonly DynamoDBContext _context;

    public ContextPeer(Uri url)
    {
        _client = SdkClient.Create(url);

        // The table is described in code, so that no DescribeTable is counted.
        _context = new DynamoDBContextBuilder()
            .WithDynamoDBClient(() => _client)
            .ConfigureContext(static config => (config.Conversion, config.DisableFetchingTableMetadata) = (DynamoDBEntryConversion.V2, true))
            .Build();
    }

    public string Name => "DynamoDBContext";

    public Func<Task> Prepare(DateOnly date, PeerItem[] items) => () => StoreAsync(date, items, CancellationToken.None);

    public async Task StoreAsync(DateOnly date, PeerItem[] items, CancellationToken cancellationToken)
    {
        string pk = PeerItem.PartitionKey(Digest, date);
        string day = PeerItem.Date(date);
        DateTime now = DateTime.UtcNow;
        IBatchWrite<ContextRecord> batch = _context.CreateBatchWrite<ContextRecord>();
        for (int index = 0; index < items.Length; index++)
        {
            batch.AddPutItem(ContextRecord.From(items[index], pk, day, now, index));
        }

        await batch.ExecuteAsync(cancellationToken);
    }

    public Task SeedAsync(DateOnly date, PeerItem[] items) => StoreAsync(date, items, CancellationToken.None);

    public async Task<int> ReadAsync(DateOnly date) =>
        (await _context.QueryAsync<ContextRecord>(PeerItem.PartitionKey(Digest, date)).GetRemainingAsync()).Count;

    public void Dispose()
    {
        _context.Dispose();
        _client.Dispose();
    }
}
