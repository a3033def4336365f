using DigestStore.ContractTests.Model;
using DigestStore.Testing;

namespace DigestStore.ContractTests;

public sealed class ModelTests
{
    // The model is no IDigestHistory.
    private static IEnumerable<ContractClause> OfRepositories => DigestRepositoryContract.Clauses.Where(static clause => clause.Needs is null);

    public static TheoryData<string> Clauses { get; } = [.. OfRepositories.Select(clause => clause.Name)];

    public static TheoryData<ModelDefect> Defects { get; } = [.. Enum.GetValues<ModelDefect>().Except([ModelDefect.None])];

    [Theory]
    [MemberData(nameof(Clauses))]
    public Task The_simplest_repository_keeps_the_contract(string clause) =>
        DigestRepositoryContract.Find(clause).VerifyAsync(Subject(ModelDefect.None), TestContext.Current.CancellationToken);

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task The_contract_notices(ModelDefect defect)
    {
        ContractSubject subject = Subject(defect);
        foreach (ContractClause clause in OfRepositories)
        {
            try
            {
                await clause.VerifyAsync(subject, TestContext.Current.CancellationToken);
            }
            catch (ContractViolationException violation)
            {
                Assert.Equal(clause.Name, violation.Clause);
                TestContext.Current.TestOutputHelper?.WriteLine(violation.Message);
                return;
            }
        }

        Assert.Fail("No clause noticed it.");
    }

    private static ContractSubject Subject(ModelDefect defect)
    {
        var storage = new ModelStorage();
        return new ContractSubject((options, clock) => new ModelRepository(storage, options, clock, defect));
    }
}
