using DigestStore.ContractTests.Model;
using DigestStore.Testing;

namespace DigestStore.ContractTests;

public sealed class ModelTests
{
    public static TheoryData<string> Clauses { get; } = [.. DigestRepositoryContract.Clauses.Select(clause => clause.Name)];

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
        foreach (ContractClause clause in DigestRepositoryContract.Clauses)
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

    // The model neither delivers nor has a history.
    [Fact]
    public async Task Clauses_about_what_the_repository_does_not_offer_are_left_out_and_told()
    {
        ContractReport report = await DigestRepositoryContract.VerifyAllAsync(
            Subject(ModelDefect.None), static clause => clause.Theme is not (ContractTheme.History or ContractTheme.Deleting), TestContext.Current.CancellationToken);

        Assert.Equal(DigestRepositoryContract.Clauses.Where(static clause => clause.Theme == ContractTheme.History), report.NotApplicable);
        Assert.Equal(DigestRepositoryContract.Clauses.Where(static clause => clause.Theme == ContractTheme.Deleting), report.Verified);
        Assert.Contains($"Left out, since the subject does not offer it: History ({report.NotApplicable.Count} clauses)", report.ToString(), StringComparison.Ordinal);
    }

    private static ContractSubject Subject(ModelDefect defect)
    {
        var storage = new ModelStorage();
        return new ContractSubject((options, clock) => new ModelRepository(storage, options, clock, defect));
    }
}
