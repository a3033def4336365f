[assembly: AssemblyFixture(typeof(DigestStore.InfrastructureTests.Linters.LintRun))]

namespace DigestStore.InfrastructureTests.Linters;

public sealed class LinterTests(LintRun run)
{
    private static readonly IReadOnlyList<AcceptedFinding> Accepted = AcceptedFinding.Load();

    [Fact]
    public async Task The_template_has_no_finding_but_the_accepted_ones() =>
        Assert.DoesNotContain(await run.OfTemplateAsync(), static finding => !Accepted.Any(accepted => accepted.Check == finding.Check && accepted.Resource == finding.Resource));

    [Fact]
    public async Task Every_accepted_finding_is_still_found_and_has_a_reason()
    {
        IReadOnlyList<Finding> found = await run.OfTemplateAsync();

        Assert.All(Accepted, accepted =>
        {
            Assert.Contains(found, finding => finding.Check == accepted.Check && finding.Resource == accepted.Resource);
            Assert.True(accepted.Reason.Length > 40, $"'{accepted.Reason}' is no reason.");
        });
    }
}
