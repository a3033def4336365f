using DigestStore.Testing;
using Xunit.Sdk;
using Xunit.v3;

namespace DigestStore.ContractTests;

/// <summary>Every clause as a test of its own, and a last test that fails when a clause was skipped.</summary>
[TestCaseOrderer(typeof(CompletenessLast))]
public abstract class ContractTestsBase(ContractFixture fixture)
{
    public static TheoryData<string> Clauses { get; } = [.. DigestRepositoryContract.Clauses.Select(clause => clause.Name)];

    [Theory]
    [MemberData(nameof(Clauses))]
    public Task Keeps(string clause) => fixture.Coverage.VerifyAsync(clause, fixture.Subject, TestContext.Current.CancellationToken);

    [Fact]
    public void Every_clause_was_run() => fixture.Coverage.EnsureComplete();
}

/// <summary>What the tests of one engine share.</summary>
public abstract class ContractFixture
{
    public ContractCoverage Coverage { get; } = new();

    public abstract ContractSubject Subject { get; }
}

/// <summary>Runs the completeness test after the clauses.</summary>
public sealed class CompletenessLast : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(testCase => testCase.TestMethod?.MethodName == nameof(ContractTestsBase.Every_clause_was_run))];
}
