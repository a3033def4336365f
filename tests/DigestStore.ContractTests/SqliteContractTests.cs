using DigestStore.Sqlite;
using DigestStore.Testing;

namespace DigestStore.ContractTests;

/// <summary>The repository over a file, which the clauses share one after the other: each opens it anew.</summary>
public sealed class SqliteContractTests(SqliteContractTests.Fixture fixture)
    : ContractTestsBase(fixture), IClassFixture<SqliteContractTests.Fixture>
{
    public sealed class Fixture : ContractFixture, IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("digeststore-contract-");

        public Fixture() => Subject = new ContractSubject(
            (options, clock) => new SqliteDigestRepository(Path.Combine(_folder.FullName, "digests.db"), options, new DigestStoreServices { TimeProvider = clock }));

        public override ContractSubject Subject { get; }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
