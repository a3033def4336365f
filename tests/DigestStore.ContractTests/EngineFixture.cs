using Amazon.DynamoDBv2;
using DigestStore.DynamoDb;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.ContractTests;

/// <summary>A table of its own in a DynamoDB engine; without the engine every test fails, none is skipped.</summary>
public abstract class EngineFixture : ContractFixture, IAsyncLifetime
{
    private readonly string _tableName = "contract-" + Guid.NewGuid().ToString("N");
    private readonly IAmazonDynamoDB _client;

    protected EngineFixture(Uri endpoint)
    {
        _client = Engines.CreateClient(endpoint);
        Subject = new ContractSubject((options, clock) =>
        {
            options.TableName = _tableName;
            return new DigestRepository(_client, options, new DigestStoreServices { TimeProvider = clock });
        });
    }

    // Over the client that the library makes for itself.
    protected EngineFixture(Uri endpoint, bool readsPages)
    {
        _client = Engines.CreateClient(endpoint);
        Subject = new ContractSubject((options, clock) =>
        {
            (options.TableName, options.ServiceUrl) = (_tableName, endpoint.AbsoluteUri);
            return new DigestRepository(new OwnClientSource(readsPages), () => options, new DigestStoreServices { TimeProvider = clock });
        });
    }

    public override ContractSubject Subject { get; }

    public async ValueTask InitializeAsync() =>
        await DigestTable.EnsureCreatedAsync(_client, new DigestStoreOptions { TableName = _tableName }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _client.DeleteTableAsync(_tableName);
        _client.Dispose();
        GC.SuppressFinalize(this);
    }
}
