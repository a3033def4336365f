using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.LeastPrivilege;

public sealed class RolesPageTests
{
    [Fact]
    public void The_page_is_the_one_that_recording_and_policies_make()
    {
        if (RecordedRequests.MayUpdate)
        {
            File.WriteAllText(RepositoryFiles.PathOf(RolesPage.Path), RolesPage.Build());
        }

        Assert.Equal(RolesPage.Build(), RepositoryFiles.TextOf(RolesPage.Path).ReplaceLineEndings("\n"));
    }
}
