using DigestStore.TestSupport;

namespace DigestStore.ContractTests;

/// <summary>The repository over AWS's own DynamoDB Local.</summary>
public sealed class DynamoDbLocalContractTests(DynamoDbLocalContractTests.Fixture fixture)
    : ContractTestsBase(fixture), IClassFixture<DynamoDbLocalContractTests.Fixture>
{
    public sealed class Fixture() : EngineFixture(Engines.DynamoDbLocal);
}
