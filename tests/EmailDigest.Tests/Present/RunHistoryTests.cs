using System.Globalization;
using DigestStore;
using EmailDigest.Present;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Present;

public sealed class RunHistoryTests
{
    [Theory]
    [InlineData(310, 0, 2, "As usual.")]
    [InlineData(499, 1, 2, "As usual.")]
    [InlineData(2000, 7, 4, "Worse: time, retries, rejected.")]
    [InlineData(500, 0, 2, "Worse: time.")]
    [InlineData(50, 0, 2, "Better: time.")]
    public async Task A_run_is_set_against_those_before_it_and_judged(int milliseconds, int retries, int rejected, string verdict)
    {
        using var folder = new TemporaryFolder();
        string[] args = ["-o", folder.Path];

        await Run.WithAsync(Taking(250, rejected: 2), args);
        await Run.WithAsync(Taking(300, rejected: 2), args);
        await Run.WithAsync(Taking(9000, rejected: 2), args);
        Run fourth = await Run.WithAsync(Taking(milliseconds, retries, rejected), args);

        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"Against the median of 3 earlier first stores: {milliseconds:N0} ms (300), {3 + retries} requests (3), {retries} retries (0), 5 units (5), {rejected} rejected (2). {verdict}"),
            fourth.Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_few_runs_before_there_is_no_verdict()
    {
        using var folder = new TemporaryFolder();

        Run first = await Run.WithAsync(Taking(100), "-o", folder.Path);
        Run second = await Run.WithAsync(Taking(100), "-o", folder.Path);

        Assert.Contains(
            $"No earlier first stores of about as many items to compare with; it takes 3 to say whether it is getting worse. {folder.File(RunHistory.FileName)} remembers this run.",
            first.Words,
            StringComparison.Ordinal);
        Assert.Contains("1 earlier first store of about as many items to compare with; it takes 3", second.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeated_stores_are_compared_with_repeated_ones()
    {
        using var folder = new TemporaryFolder();
        await RunThreeAsync(Taking(100), folder);

        Run repeated = await Run.WithAsync(Taking(5000, outcome: DigestItemOutcome.Unchanged), "-o", folder.Path);
        await RunThreeAsync(Taking(5000, outcome: DigestItemOutcome.Unchanged), folder);
        Run fifth = await Run.WithAsync(Taking(5000, outcome: DigestItemOutcome.Unchanged), "-o", folder.Path);
        Run first = await Run.WithAsync(Taking(5000), "-o", folder.Path);

        Assert.Contains("No earlier repeated stores of about as many items", repeated.Words, StringComparison.Ordinal);
        Assert.Contains("Against the median of 4 earlier repeated stores: 5,000 ms (5,000)", fifth.Words, StringComparison.Ordinal);
        Assert.Contains("Against the median of 3 earlier first stores: 5,000 ms (100)", first.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_runs_are_no_yardstick_for_the_others()
    {
        using var folder = new TemporaryFolder();
        await RunThreeAsync(Taking(100), folder);

        Run down = await Run.WithAsync(Taking(8000, outcome: DigestItemOutcome.Failed), "-o", folder.Path);
        await RunThreeAsync(Taking(8000, outcome: DigestItemOutcome.Failed), folder);
        Run eighth = await Run.WithAsync(Taking(8000, outcome: DigestItemOutcome.Failed), "-o", folder.Path);
        Run up = await Run.WithAsync(Taking(100), "-o", folder.Path);

        Assert.Contains("Of 3 earlier runs, 3 stored everything. Worse: nothing is stored.", down.Words, StringComparison.Ordinal);
        Assert.Contains("Of 7 earlier runs, 3 stored everything. As bad as before: nothing is stored.", eighth.Words, StringComparison.Ordinal);
        Assert.Contains("Against the median of 3 earlier first stores: 100 ms (100)", up.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_of_another_size_are_not_compared()
    {
        using var folder = new TemporaryFolder();
        string one = folder.File("one.xml", "<rss version=\"2.0\"><channel><item><title>t</title><link>https://example.com/</link></item></channel></rss>");
        await RunThreeAsync(Taking(100), folder);

        Run small = await Run.WithAsync(Taking(100), one, "-o", folder.Path);

        Assert.Contains("No earlier first stores of about as many items", small.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_with_a_fault_are_compared_and_not_remembered()
    {
        using var folder = new TemporaryFolder();
        await RunThreeAsync(Taking(100), folder);
        string remembered = await File.ReadAllTextAsync(folder.File(RunHistory.FileName), TestContext.Current.CancellationToken);

        Run run = await Run.ProgramAsync("--fault", "down", "-o", folder.Path);

        Assert.Contains("Of 3 earlier runs, 3 stored everything. Worse: nothing is stored. With --fault down this run is not remembered.", run.Words, StringComparison.Ordinal);
        Assert.Equal(remembered, await File.ReadAllTextAsync(folder.File(RunHistory.FileName), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Runs_that_ask_nothing_of_the_database_are_left_out(bool isEmpty)
    {
        using var folder = new TemporaryFolder();
        string[] feeds = isEmpty ? [folder.File("empty.xml", "<rss version=\"2.0\"><channel></channel></rss>")] : [];

        Run run = await Run.WithAsync(Taking(100, outcome: DigestItemOutcome.Skipped), [.. feeds, "-o", folder.Path]);

        Assert.Contains("Nothing was handed to a database, so this run is not compared with earlier ones.", run.Words, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File(RunHistory.FileName)));
    }

    [Fact]
    public async Task Runs_on_another_store_are_not_compared()
    {
        using var folder = new TemporaryFolder();
        await RunThreeAsync(Taking(100), folder);

        Run other = await Run.WithAsync(Taking(100), "--digest", "weekly", "-o", folder.Path);

        Assert.Contains("No earlier first stores", other.Words, StringComparison.Ordinal);
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

        Run run = await Run.WithAsync(Taking(100), "-o", folder.Path);

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("No earlier first stores", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_is_said_and_no_more()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(RunHistory.FileName));

        Run run = await Run.WithAsync(Taking(100), "-o", folder.Path);

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("This run is not compared with earlier ones:", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_does_not_grow_for_ever()
    {
        using var folder = new TemporaryFolder();
        string history = folder.File(RunHistory.FileName, string.Concat(Enumerable.Repeat("{}\n", 1000)));

        await Run.WithAsync(Taking(100), "-o", folder.Path);

        Assert.Equal(200, File.ReadLines(history).Count());
    }

    private static async Task RunThreeAsync(FakeRepository repository, TemporaryFolder folder)
    {
        for (int run = 0; run < 3; run++)
        {
            await Run.WithAsync(repository, "-o", folder.Path);
        }
    }

    private static FakeRepository Taking(int milliseconds, int retries = 0, int rejected = 0, DigestItemOutcome outcome = DigestItemOutcome.Inserted) => new()
    {
        Store = (items, _) => StoreResult.Create(
            items.Select((_, index) => index < rejected ? DigestItemOutcome.Rejected : outcome),
            new StoreResultDetails
            {
                Cost = new StoreCost { Requests = 3 + retries, Retries = retries, WriteUnits = 4.5, ReadUnits = 0.5 },
                Duration = TimeSpan.FromMilliseconds(milliseconds),
            }),
    };
}
