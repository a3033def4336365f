using DigestStore.Testing;

namespace DigestStore.ContractTests;

/// <summary>The repository that consumers test with.</summary>
public sealed class InMemoryContractTests(InMemoryContractTests.Fixture fixture)
    : ContractTestsBase(fixture), IClassFixture<InMemoryContractTests.Fixture>
{
    public sealed class Fixture : ContractFixture
    {
        private readonly InMemoryDigestStorage _storage = new();

        public Fixture() => Subject = new ContractSubject((options, clock) => new InMemoryDigestRepository(options, _storage, new DigestStoreServices { TimeProvider = clock }));

        public override ContractSubject Subject { get; }
    }
}
