using DigestStore;
using EmailDigest.Output;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Output;

public sealed class RunHistoryTests
{
    [Fact]
    public async Task Each_run_is_set_against_those_before_it()
    {
        using var folder = new TemporaryFolder();
        string[] args = ["-o", folder.Path];

        Run first = await Run.WithAsync(Taking(100, retries: 0), args);
        await Run.WithAsync(Taking(300, retries: 2), args);
        await Run.WithAsync(Taking(8000, retries: 9, isDown: true), args);
        Run fourth = await Run.WithAsync(Taking(2000, retries: 7), args);

        Assert.Contains($"No earlier run to compare with; {folder.File(RunHistory.FileName)} remembers this one.", first.Words, StringComparison.Ordinal);
        Assert.Contains(
            "Against the median of 3 runs before (2 stored): 2,000 ms (300), 3 requests (3), 7 retries (2), 5 units (5), 0 rejected (0), 0 failed (0).",
            fourth.Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_on_another_store_are_not_compared()
    {
        using var folder = new TemporaryFolder();
        await Run.WithAsync(Taking(100, retries: 0), "-o", folder.Path);

        Run other = await Run.WithAsync(Taking(100, retries: 0), "--digest", "weekly", "-o", folder.Path);

        Assert.Contains("No earlier run to compare with", other.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Time\":")]
    [InlineData("null")]
    [InlineData("{\"Status\":\"Stored\"}")]
    public async Task Lines_that_are_no_runs_are_passed_over(string line)
    {
        using var folder = new TemporaryFolder();
        folder.File(RunHistory.FileName, line + "\n");

        Run run = await Run.WithAsync(Taking(100, retries: 0), "-o", folder.Path);

        Assert.Equal(ExitCode.EmailWritten, run.ExitCode);
        Assert.Contains("No earlier run to compare with", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_is_said_and_no_more()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(RunHistory.FileName));

        Run run = await Run.WithAsync(Taking(100, retries: 0), "-o", folder.Path);

        Assert.Equal(ExitCode.EmailWritten, run.ExitCode);
        Assert.Contains("This run is not compared with earlier ones:", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_does_not_grow_for_ever()
    {
        using var folder = new TemporaryFolder();
        string history = folder.File(RunHistory.FileName, string.Concat(Enumerable.Repeat("{}\n", 1000)));

        await Run.WithAsync(Taking(100, retries: 0), "-o", folder.Path);

        Assert.Equal(200, File.ReadLines(history).Count());
    }

    private static FakeRepository Taking(int milliseconds, int retries, bool isDown = false) => new()
    {
        Store = (items, _) => StoreResult.Create(
            items.Select(_ => isDown ? DigestItemOutcome.Failed : DigestItemOutcome.Inserted),
            new StoreResultDetails { Requests = 3, Retries = retries, WriteUnits = 4.5, ReadUnits = 0.5, Duration = TimeSpan.FromMilliseconds(milliseconds) }),
    };
}
