using DigestStore.InfrastructureTests.Linters;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Faults;

public sealed class PlantedFaultTests(LintRun run)
{
    /// <summary>Set to 1 to write the page instead of comparing it.</summary>
    private const string UpdateVariable = "DIGESTSTORE_UPDATE_DOCS";

    public static TheoryData<string> Names { get; } = [.. PlantedFaults.All.Select(static fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_planted_fault_is_caught_by_the_checks_that_it_names(string name)
    {
        PlantedFault fault = PlantedFaults.All.Single(fault => fault.Name == name);

        IReadOnlyList<string> caughtBy = await run.CaughtByAsync(fault);
        Assert.True(
            caughtBy.Count > 0 && caughtBy.SequenceEqual(fault.Checks.Order(StringComparer.Ordinal)),
            $"'{name}' is to be caught by [{string.Join(", ", fault.Checks)}], and is caught by [{string.Join(", ", caughtBy)}].");
    }

    [Fact]
    public void The_page_is_the_one_that_the_faults_make()
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(RepositoryFiles.PathOf(PlantedFaultsPage.Path), PlantedFaultsPage.Build());
        }

        Assert.Equal(PlantedFaultsPage.Build(), RepositoryFiles.TextOf(PlantedFaultsPage.Path).ReplaceLineEndings("\n"));
    }
}
