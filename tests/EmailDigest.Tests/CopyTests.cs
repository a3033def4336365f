using System.Globalization;
using DigestStore;
using DigestStore.TestSupport;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

/// <summary>The command that copies the days of a file or table to another one.</summary>
public sealed class CopyTests
{
    private static readonly string Today = new DigestStoreOptions().Today().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // The engine has other tests to serve.
    private static readonly Dictionary<string, string?> Patient = new() { ["DigestStore:AttemptTimeout"] = "00:00:30", ["DigestStore:ReadDeadline"] = "00:02:00", ["DigestStore:Deadline"] = "00:05:00" };

    [Fact]
    public async Task A_file_goes_to_DynamoDB_and_back_and_a_second_copy_has_nothing_to_do()
    {
        using var folder = new TemporaryFolder();
        string[] digest = ["--digest", "d-" + Path.GetRandomFileName().Replace('.', '-'), "--days", "2"];
        string[] table = [Engines.DynamoDbLocal.AbsoluteUri, "--table", "copies"];
        await using MorningRun morning = await MorningRun.StartAsync(isInFile: true);
        await Run.ProgramAsync([morning.Feed, "--date", Today, "--file", folder.File("first.db"), .. digest[..2], "-o", folder.File("x.eml")]);

        Run there = await CopyAsync("--file", folder.File("first.db"), "--to-endpoint", table[0], "--to-table", table[2]);
        Run again = await CopyAsync("--file", folder.File("first.db"), "--to-endpoint", table[0], "--to-table", table[2]);
        Run back = await CopyAsync(["--endpoint", .. table, "--to-file", folder.File("second.db")]);
        Run compared = await CopyAsync("--file", folder.File("first.db"), "--to-file", folder.File("second.db"), "--verify");
        Run show = await Run.ProgramAsync("show", Today, "--file", folder.File("second.db"), digest[0], digest[1]);
        Run status = await Run.ProgramAsync("status", Today, "--file", folder.File("second.db"), digest[0], digest[1]);

        Assert.Equal("", there.Error + again.Error + back.Error + compared.Error);
        Assert.Equal((ExitCode.Done, ExitCode.Done, ExitCode.Done, ExitCode.Done), (there.ExitCode, again.ExitCode, back.ExitCode, compared.ExitCode));
        Assert.Contains($"to DynamoDB at {table[0]}, table copies.", there.Words, StringComparison.Ordinal);
        Assert.Contains($"{Today} copied, 2 of 2 items written; email delivered (2 of 2)", there.Words, StringComparison.Ordinal);
        Assert.Contains("│ copied │ 1 │ 2 │", there.Words, StringComparison.Ordinal);
        Assert.Contains("│ nothing stored │ 1 │ │", there.Words, StringComparison.Ordinal);
        Assert.Contains($"{Today} already equal, 0 of 2 items written; email delivered (2 of 2)", again.Words, StringComparison.Ordinal);
        Assert.Contains($"{Today} copied, 2 of 2 items written", back.Words, StringComparison.Ordinal);
        Assert.StartsWith("Comparing ", compared.Output, StringComparison.Ordinal);
        Assert.Contains("│ already equal │ 1 │ 2 │", compared.Words, StringComparison.Ordinal);
        Assert.Matches(@"│ 1 │ A link", show.Output);
        Assert.Contains("│ email │ delivered │", status.Words, StringComparison.Ordinal);

        Task<Run> CopyAsync(params string[] places) => Run.InEnvironmentAsync(Patient, ["copy", .. places, .. digest]);
    }

    [Fact]
    public async Task A_comparison_with_an_empty_file_says_what_is_missing_and_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        await using MorningRun morning = await MorningRun.StartAsync(isInFile: true);
        await Run.ProgramAsync(morning.Feed, "--date", Today, "--file", folder.File("first.db"), "-o", folder.File("x.eml"));

        Run compared = await Run.ProgramAsync("copy", "--file", folder.File("first.db"), "--to-file", folder.File("second.db"), "--verify", "--days", "2");

        Assert.Equal(ExitCode.NotDone, compared.ExitCode);
        Assert.Contains($"{Today} different, 0 of 2 items written", compared.Words, StringComparison.Ordinal);
        Assert.Contains("WARNING The stores differ. Without --verify, copy writes what is missing.", compared.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_does_not_answer_fails_the_days_and_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        await using MorningRun morning = await MorningRun.StartAsync(isInFile: true);
        await Run.ProgramAsync(morning.Feed, "--date", Today, "--file", folder.File("first.db"), "-o", folder.File("x.eml"));

        Run run = await Run.ProgramAsync("copy", "--file", folder.File("first.db"), "--to-endpoint", "http://127.0.0.1:1", "--verify", "--days", "2");

        Assert.Equal(ExitCode.NotDone, run.ExitCode);
        Assert.Contains($"{Today} failed, 0 of 2 items written", run.Words, StringComparison.Ordinal);
        Assert.Contains("No connection to DynamoDB came about.", run.Words, StringComparison.Ordinal);
        Assert.Contains("│ failed │ 1 │ 2 │", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_cannot_be_made_is_named_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        await using MorningRun morning = await MorningRun.StartAsync(isInFile: true);
        await Run.ProgramAsync(morning.Feed, "--date", Today, "--file", folder.File("first.db"), "-o", folder.File("x.eml"));

        Run run = await Run.ProgramAsync("copy", "--file", folder.File("first.db"), "--to-endpoint", "http://127.0.0.1:1", "--days", "2");

        Assert.Equal(ExitCode.NotDone, run.ExitCode);
        Assert.Matches(@"^ERROR Nothing was copied to DynamoDB at http://127\.0\.0\.1:1/, table digests: .*\(127\.0\.0\.1:1\)\. Check that place, and run the same command again\.$", run.Error.Trim());
    }

    [Theory]
    [InlineData("copy needs a target: give --to-file, or one of --to-endpoint, --to-region and --to-table.")]
    [InlineData("--to-file and a table cannot both be the target: give --to-file, or one of --to-endpoint, --to-region and --to-table.", "--to-file", "x.db", "--to-table", "digests")]
    [InlineData("--to-endpoint: 'nowhere' is not an http or https address", "--to-endpoint", "nowhere")]
    [InlineData("are the same table, 'digests'.", "--region", "eu-central-1", "--to-region", "eu-central-1")]
    public async Task What_cannot_be_meant_is_refused(string problem, params string[] arguments)
    {
        Run run = await Run.InEnvironmentAsync([], ["copy", .. arguments]);

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains(problem, run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_not_made()
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.ProgramAsync("copy", "--file", folder.File("none.db"), "--to-file", folder.File("second.db"));

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains("There is no file", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
