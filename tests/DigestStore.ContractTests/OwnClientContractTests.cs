using DigestStore.TestSupport;

namespace DigestStore.ContractTests;

/// <summary>The repository over the client that the library makes for itself, which reads pages past the SDK.</summary>
public sealed class OwnClientContractTests(OwnClientContractTests.Fixture fixture)
    : ContractTestsBase(fixture), IClassFixture<OwnClientContractTests.Fixture>
{
    public sealed class Fixture() : EngineFixture(Engines.DynamoDbLocal, readsPages: true);
}

/// <summary>The same with the switch <c>DigestStore.ReadPagesThroughSdk</c> on.</summary>
public sealed class PagesThroughSdkContractTests(PagesThroughSdkContractTests.Fixture fixture)
    : ContractTestsBase(fixture), IClassFixture<PagesThroughSdkContractTests.Fixture>
{
    public sealed class Fixture() : EngineFixture(Engines.DynamoDbLocal, readsPages: false);
}
