using DigestStore.TestSupport;

namespace DigestStore.ContractTests;

/// <summary>The repository over dynalite, an engine written independently of AWS.</summary>
public sealed class DynaliteContractTests(DynaliteContractTests.Fixture fixture)
    : ContractTestsBase(fixture), IClassFixture<DynaliteContractTests.Fixture>
{
    public sealed class Fixture() : EngineFixture(Engines.Dynalite);
}
