using Amazon.DynamoDBv2;
using DigestStore.ContractTests;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Table;

/// <summary>The repository over the template's table in DynamoDB Local.</summary>
public sealed class TemplateContractTests(TemplateContractTests.Fixture fixture)
    : ContractTestsBase(fixture), IClassFixture<TemplateContractTests.Fixture>
{
    public sealed class Fixture : ContractFixture, IAsyncLifetime
    {
        private readonly string _tableName = "template-contract-" + Guid.NewGuid().ToString("N");
        private readonly IAmazonDynamoDB _client = Engines.CreateClient(Engines.DynamoDbLocal);

        public Fixture() => Subject = new ContractSubject((options, clock) =>
        {
            options.TableName = _tableName;
            return new DigestRepository(_client, options, new DigestStoreServices { TimeProvider = clock });
        });

        public override ContractSubject Subject { get; }

        public async ValueTask InitializeAsync() => await EngineTables.CreateAsync(_client, _tableName, TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await EngineTables.DeleteAsync(_client, _tableName);
            _client.Dispose();
        }
    }
}
