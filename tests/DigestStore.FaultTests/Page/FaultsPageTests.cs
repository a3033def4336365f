using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class FaultsPageTests
{
    /// <summary>Set to 1 to write the page instead of comparing it.</summary>
    private const string UpdateVariable = "DIGESTSTORE_UPDATE_DOCS";

    [Fact]
    public void Every_row_of_the_matrix_has_a_test() => Assert.Empty(FaultsPage.MissingRows());

    [Fact]
    public void No_test_names_a_row_that_the_matrix_does_not_have() =>
        Assert.All(FaultsPage.Proofs, proof => Assert.InRange(proof.Row, 1, FaultsPage.LastRow));

    [Fact]
    public void The_page_is_the_one_that_the_tests_make()
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(RepositoryFiles.PathOf(FaultsPage.Path), FaultsPage.Build());
        }

        Assert.Equal(FaultsPage.Build(), RepositoryFiles.TextOf(FaultsPage.Path).ReplaceLineEndings("\n"));
    }
}
