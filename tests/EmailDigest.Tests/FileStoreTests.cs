using DigestStore;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

/// <summary>The file that is the default: what a second run finds in it, and what happens when it cannot be used.</summary>
public sealed class FileStoreTests
{
    private const string Today = "2026-11-21";

    [Fact]
    public async Task Without_any_option_a_second_run_finds_the_items_unchanged_and_the_email_delivered_and_the_commands_find_the_day()
    {
        using var folder = new TemporaryFolder();
        string[] day = ["--date", Today];

        Run first = await RunInAsync(folder, day);
        Run second = await RunInAsync(folder, day);
        Run status = await RunInAsync(folder, "status", Today);

        Assert.Equal((ExitCode.EmailSent, ExitCode.EmailSent, ExitCode.Done), (first.ExitCode, second.ExitCode, status.ExitCode));
        Assert.Equal("", first.Error + second.Error + status.Error);
        Assert.Contains("In the file out/digests.db, digest daily.", first.Words, StringComparison.Ordinal);
        Assert.Contains("Stored: 30 inserted, 0 updated, 0 unchanged, 4 duplicates, 2 rejected, 0 failed.", first.Words, StringComparison.Ordinal);
        Assert.Contains("Written: out/digest-2026-11-21.eml", first.Words, StringComparison.Ordinal);
        Assert.Contains("Stored: 0 inserted, 0 updated, 30 unchanged, 4 duplicates, 2 rejected, 0 failed.", second.Words, StringComparison.Ordinal);
        Assert.Contains("2 requests for 36 items", second.Words, StringComparison.Ordinal);
        Assert.Matches(@"4\. Email Already delivered at 20\S+ \S+ UTC, message id daily\.2026-11-21\.\S+ Nothing is sent\.", second.Words);
        Assert.Contains("│ email │ delivered │", status.Words, StringComparison.Ordinal);
        Assert.Equal(["out"], NamesIn(folder.Path));
        Assert.Equal(["digest-2026-11-21.eml", "digests.db", "digests.db.dead-letters", "runs.jsonl"], NamesIn(folder.File("out")));
    }

    [Fact]
    public async Task A_run_of_the_next_day_sends_what_is_new()
    {
        using var folder = new TemporaryFolder();
        string feed = folder.File("feed.xml", FeedOf("one", "two"));
        await RunAsync(folder, feed, "--date", Today);
        folder.File("feed.xml", FeedOf("one", "two", "three"));

        Run next = await RunAsync(folder, feed, "--date", "2026-11-22");

        Assert.Equal((ExitCode.EmailSent, ""), (next.ExitCode, next.Error));
        Assert.Contains("Left out: 2 links sent in the last 30 days; --again-after 0 takes them again.", next.Words, StringComparison.Ordinal);
        Eml eml = Eml.Load(folder.File("digest-2026-11-22.eml"));
        Assert.Contains("https://example.com/three", eml.Plain, StringComparison.Ordinal);
        Assert.DoesNotContain("https://example.com/one", eml.Plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_day_without_anything_new_promises_no_email()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder, "--date", Today);

        Run next = await RunAsync(folder, "--date", "2026-11-22");

        Assert.Equal(ExitCode.NothingToSend, next.ExitCode);
        Assert.Equal("WARNING There is nothing to send, because every valid link was sent in the last 30 days, so no email is written.", next.Error.Trim());
        Assert.DoesNotContain("goes out all the same", next.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_memory_every_run_is_the_first_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();

        Run first = await RunAsync(folder, "--date", Today, "--memory");
        Run second = await RunAsync(folder, "--date", Today, "--memory");

        Assert.All([first, second], run =>
        {
            Assert.Equal((ExitCode.EmailSent, ""), (run.ExitCode, run.Error));
            Assert.Contains("In memory, digest daily: nothing outlives this run.", run.Words, StringComparison.Ordinal);
            Assert.Contains("Stored: 30 inserted", run.Words, StringComparison.Ordinal);
            Assert.Contains("Written: ", run.Words, StringComparison.Ordinal);
        });
        Assert.Equal(["digest-2026-11-21.eml", "runs.jsonl"], NamesIn(folder.Path));
    }

    [Fact]
    public async Task Another_file_may_be_named_whose_folder_is_made_and_which_the_commands_look_at()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File(Path.Combine("new", "mine.db"));

        Run run = await RunAsync(folder, "--date", Today, "--file", file);
        Run show = await Run.InEnvironmentAsync([], "show", Today, "--file", file);

        Assert.Equal((ExitCode.EmailSent, ""), (run.ExitCode, run.Error));
        Assert.Contains("│ 30 │ ", show.Output, StringComparison.Ordinal);
        Assert.Equal(["mine.db", "mine.db.dead-letters"], NamesIn(folder.File("new")));
        Assert.False(File.Exists(folder.File("digests.db")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_cannot_be_opened_is_a_warning_and_when_it_can_the_next_run_stores_what_was_kept(bool isFolder)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("digests.db");
        _ = isFolder ? Directory.CreateDirectory(file).FullName : folder.File("digests.db", new string('x', 5000));

        Run broken = await RunAsync(folder, "--date", Today);
        bool isAsItWas = isFolder ? !Directory.EnumerateFileSystemEntries(file).Any() : await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) == new string('x', 5000);
        Directory.Move(file, folder.File("moved"));
        Run mended = await RunAsync(folder, "--date", Today);

        Assert.Equal((ExitCode.EmailSent, ExitCode.EmailSent), (broken.ExitCode, mended.ExitCode));
        Assert.True(isAsItWas);
        Assert.Contains("WARNING Not stored (", broken.Error, StringComparison.Ordinal);
        Assert.Contains(file, broken.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", broken.Output + broken.Error, StringComparison.Ordinal);
        Assert.Contains("30 items are kept as dead letters; the next run that reaches the database stores them.", broken.Words, StringComparison.Ordinal);
        Assert.Contains("Written: ", broken.Words, StringComparison.Ordinal);
        Assert.Contains("31 dead letters of earlier runs replayed: 31 stored, 0 superseded by newer content, 0 rejected, 0 kept.", mended.Words, StringComparison.Ordinal);
        Assert.Contains("30 unchanged", mended.Words, StringComparison.Ordinal);
        Assert.Contains("Already delivered at ", mended.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_processes_at_once_on_one_file_one_sends()
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile: true);
        morning.SmtpTimeout = TimeSpan.FromMinutes(10);
        await using var mail = new MailServerDouble();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mail.Hold(MailServerDouble.End, answer.Task);
        using SampleProcess first = morning.Start(morning.Arguments(mail));
        await mail.Asked;

        // The other one stores and reads beside the first, and ends while that is still sending.
        using SampleProcess second = morning.Start(morning.Arguments(mail));
        Run other = await second.EndAsync();
        answer.SetResult();
        Run sender = await first.EndAsync();

        Assert.Equal((ExitCode.EmailSent, ""), (sender.ExitCode, sender.Error));
        Assert.Equal(ExitCode.HeldByAnother, other.ExitCode);
        Assert.Contains("2 unchanged", other.Words, StringComparison.Ordinal);
        Assert.Single(mail.Messages);
        Assert.Equal(DeliveryStatus.Delivered, await morning.StatusAsync());
    }

    private static async Task<Run> RunInAsync(TemporaryFolder folder, params string[] args)
    {
        using var sample = SampleProcess.StartIn(folder.Path, args);
        return await sample.EndAsync();
    }

    private static Task<Run> RunAsync(TemporaryFolder folder, params string[] args) => Run.InEnvironmentAsync([], [.. args, "-o", folder.Path]);

    private static string[] NamesIn(string folder) => [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string FeedOf(params string[] links) =>
        $"<rss version=\"2.0\"><channel><title>S</title>{string.Concat(links.Select(link => $"<item><title>{link}</title><link>https://example.com/{link}</link></item>"))}</channel></rss>";
}
