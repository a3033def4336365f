using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

public sealed class FaultTests
{
    [Theory]
    [InlineData("throttled")]
    [InlineData("flaky")]
    public async Task A_database_in_trouble_stores_all_in_the_end_and_the_report_says_what_it_took(string fault)
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync("--fault", fault, "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains($"--fault {fault}: ", run.Words, StringComparison.Ordinal);
        Assert.Contains("Stored: 30 inserted, 0 updated, 0 unchanged, 4 duplicates, 2 rejected, 0 failed.", run.Words, StringComparison.Ordinal);
        Assert.Matches(@" requests for 36 items \([^)]*[2-9] retries\)", run.Words);
        Assert.DoesNotContain("WARNING", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_down_does_not_keep_the_email()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync("--fault", "down", "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("Not stored: 0 inserted, 0 updated, 0 unchanged, 4 duplicates, 2 rejected, 30 failed.", run.Words, StringComparison.Ordinal);
        Assert.Contains("WARNING Not stored (CompareUnavailable):", run.Words, StringComparison.Ordinal);
        Assert.Contains("(2 retries)", run.Words, StringComparison.Ordinal);
        Assert.Contains("(30 links, ", run.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--endpoint", "http://127.0.0.1:1")]
    [InlineData("--region", "eu-central-1")]
    [InlineData("--table", "digests")]
    public async Task A_fault_in_a_real_database_is_refused(string option, string value)
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync("--fault", "down", option, value, "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains($"ERROR --fault down stores in memory, and {option} or DigestStore__", run.Words, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.eml")));
    }

    [Fact]
    public async Task A_fault_set_against_a_database_of_the_environment_is_refused()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.InEnvironmentAsync(new() { ["DigestStore:TableName"] = "digests" }, "--fault", "throttled", "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
    }

    [Fact]
    public async Task An_unknown_fault_is_answered_with_the_known_ones()
    {
        Run run = await Run.ProgramAsync("--fault", "sideways");

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains("ERROR --fault: 'sideways' is not one of throttled|flaky|down.", run.Words, StringComparison.Ordinal);
    }
}
