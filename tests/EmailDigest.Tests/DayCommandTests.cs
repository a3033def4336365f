using DigestStore;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

/// <summary>The commands that look at the days of a table, and the one that decides about a day.</summary>
public sealed class DayCommandTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_day_that_was_sent_is_listed_shown_and_its_status_told(bool isInFile)
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile);
        string today = new DigestStoreOptions().Today().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await Run.ProgramAsync([.. morning.Arguments(mail: null).Select(argument => argument == "2026-11-21" ? today : argument)]);

        Run list = await Run.ProgramAsync(["list", .. morning.Place]);
        Run show = await Run.ProgramAsync(["show", today, .. morning.Place]);
        Run status = await Run.ProgramAsync(["status", today, .. morning.Place]);

        Assert.Equal((ExitCode.Done, ExitCode.Done, ExitCode.Done), (list.ExitCode, show.ExitCode, status.ExitCode));
        Assert.Equal("", list.Error + show.Error + status.Error);
        Assert.Matches(@"│ Date +│ Email +│ Stored \(UTC\) +│ Items │ Sent │ Sent at \(UTC\) +│ Attempts │ Note │", list.Output);
        Assert.Matches($@"│ {today} │ delivered │ 20\S+ \S+ │ +2 │ +2 │ 20\S+ \S+ │ +1 │ +│", list.Output);
        Assert.Matches(@"│ 1 │ A link", show.Output);
        Assert.Contains("│ email │ delivered │", status.Words, StringComparison.Ordinal);
        Assert.Matches(@"│ message id │ d-\S+ │ │ sent at │ 20\S+ \S+ UTC │", status.Words);
        Assert.Contains("│ links sent │ 2 │", status.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_of_which_nothing_is_stored_is_told_as_that()
    {
        await using MorningRun morning = await MorningRun.StartAsync();

        Run list = await Run.ProgramAsync(["list", "--days", "3", .. morning.Place]);
        Run show = await Run.ProgramAsync(["show", "2026-11-21", .. morning.Place]);
        Run status = await Run.ProgramAsync(["status", "2026-11-21", .. morning.Place]);
        Run resolve = await Run.ProgramAsync(["resolve", "2026-11-21", "retry", .. morning.Place]);

        Assert.Equal((ExitCode.Done, ExitCode.Done, ExitCode.Done, ExitCode.NotDone), (list.ExitCode, show.ExitCode, status.ExitCode, resolve.ExitCode));
        Assert.StartsWith("Nothing is stored from ", list.Output, StringComparison.Ordinal);
        Assert.StartsWith("Nothing is stored for 2026-11-21.", show.Output, StringComparison.Ordinal);
        Assert.StartsWith("Nothing is recorded of 2026-11-21", status.Output, StringComparison.Ordinal);
        Assert.Contains("the email of 2026-11-21 is pending. retry and unsent are for an email that failed, was abandoned, or whose run was killed; a pending one is sent by the next run of that day.", resolve.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_to_come_is_listed_when_it_is_asked_for()
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile: true);
        await morning.Repository.StoreAsync(new DateOnly(2100, 1, 2), [new DigestItem { Url = MorningRun.Urls[0], Title = "t" }], cancellationToken: TestContext.Current.CancellationToken);

        Run usual = await Run.ProgramAsync(["list", .. morning.Place]);
        Run asked = await Run.ProgramAsync(["list", "--date", "2100-01-03", "--days", "2", .. morning.Place]);

        Assert.Matches("^Nothing is stored from .*; --days looks further back, and --date further on.", usual.Words);
        Assert.Contains("│ 2100-01-02 │ pending │", asked.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_that_does_not_fit_names_the_days_that_it_is_for()
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile: true);
        await Run.ProgramAsync(morning.Arguments(mail: null));

        Run retry = await Run.ProgramAsync(["resolve", "2026-11-21", "retry", .. morning.Place]);
        Run abandon = await Run.ProgramAsync(["resolve", "2026-11-21", "abandon", .. morning.Place]);

        Assert.Equal((ExitCode.NotDone, ExitCode.NotDone), (retry.ExitCode, abandon.ExitCode));
        Assert.Contains("is delivered. retry and unsent are for an email that failed, was abandoned, or whose run was killed", retry.Error, StringComparison.Ordinal);
        Assert.Contains("is delivered. delivered and abandon are for an email that is neither delivered nor deleted.", abandon.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delivered", DeliveryStatus.Delivered, false)]
    [InlineData("abandon", DeliveryStatus.Abandoned, false)]
    [InlineData("retry", DeliveryStatus.Failed, false)]
    [InlineData("retry", DeliveryStatus.Failed, true)]
    public async Task An_operator_decides_about_a_day_that_is_held_only_by_force(string decision, DeliveryStatus status, bool isInFile)
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile);
        DeliveryLease lease = await morning.Repository.AcquireAsync(MorningRun.Day, new DeliveryOptions { Owner = "a-run" }, TestContext.Current.CancellationToken);

        Run held = await Run.ProgramAsync(["resolve", "2026-11-21", decision, .. morning.Place]);
        DeliveryStatus? before = await morning.StatusAsync();
        Run forced = await Run.ProgramAsync(["resolve", "2026-11-21", decision, "--force", .. morning.Place]);

        Assert.Equal(DeliveryLeaseOutcome.Granted, lease.Outcome);
        Assert.Equal((ExitCode.NotDone, DeliveryStatus.Sending), (held.ExitCode, before));
        Assert.Matches("ERROR Not recorded: a-run is sending the email of 2026-11-21, until 20.*If that run is known to be dead, add --force.", held.Words);
        Assert.Equal((ExitCode.Done, status), (forced.ExitCode, await morning.StatusAsync()));
        Assert.Contains($"Recorded: the email of 2026-11-21 is {status.ToString().ToLowerInvariant()} now.", forced.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_who_knows_that_the_email_was_not_sent_takes_its_links_back_and_never_under_a_live_lease()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        DeliveryLease lease = await morning.Repository.AcquireAsync(MorningRun.Day, new DeliveryOptions { Owner = "a-run" }, TestContext.Current.CancellationToken);
        await morning.Repository.AnnounceAsync(lease, [new DigestItem { Url = MorningRun.Urls[0], Title = "t" }], TestContext.Current.CancellationToken);

        Run held = await Run.ProgramAsync(["resolve", "2026-11-21", "unsent", "--force", .. morning.Place]);
        await morning.Repository.FailAsync(lease, new DeliveryFailure(DeliveryFailureKind.Uncertain), TestContext.Current.CancellationToken);
        Run resolved = await Run.ProgramAsync(["resolve", "2026-11-21", "unsent", .. morning.Place]);

        Assert.Equal((ExitCode.NotDone, ExitCode.Done), (held.ExitCode, resolved.ExitCode));
        Assert.Contains("What it may be sending is not taken back: wait until then, and run the same command again.", held.Words, StringComparison.Ordinal);
        Assert.Contains("Recorded: the email of 2026-11-21 is failed now.", resolved.Words, StringComparison.Ordinal);
        Assert.Equal("Decided by hand.", (await morning.Repository.GetDeliveryAsync(MorningRun.Day, TestContext.Current.CancellationToken))?.LastFailure?.Reason);
        Assert.Empty((await morning.Repository.FindSentAsync(MorningRun.Day.AddDays(1), MorningRun.Urls, 30, TestContext.Current.CancellationToken)).Sent);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show 2026-11-21")]
    [InlineData("status 2026-11-21")]
    [InlineData("resolve 2026-11-21 retry")]
    public async Task A_file_that_is_not_there_is_told_and_not_made(string command)
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.InEnvironmentAsync([], [.. command.Split(' '), "--file", folder.File("x.db")]);

        Assert.Equal((ExitCode.WrongArguments, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"ERROR There is no file {folder.File("x.db")} yet; a run that stores makes it.", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("resolve 2026-11-21 abandon")]
    public async Task A_file_that_is_no_database_is_told_and_stays_as_it_is(string command)
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("x.db", "These are words, and more of them than the header of a database file has: one hundred bytes.\n");

        Run run = await Run.InEnvironmentAsync([], [.. command.Split(' '), "--file", text]);

        Assert.Equal((ExitCode.NotDone, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("ERROR ", run.Error, StringComparison.Ordinal);
        Assert.Contains(text, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("These are words", await File.ReadAllTextAsync(text, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show 2026-11-21")]
    [InlineData("status 2026-11-21")]
    [InlineData("resolve 2026-11-21 abandon")]
    public async Task A_table_that_does_not_answer_is_told_and_never_looks_like_an_empty_one(string command)
    {
        Run run = await Run.ProgramAsync([.. command.Split(' '), "--endpoint", "http://127.0.0.1:1"]);

        Assert.Equal((ExitCode.NotDone, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("ERROR ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show 21.11.2026", "'21.11.2026' is not a day")]
    [InlineData("show", "Required argument missing")]
    [InlineData("show", "Try show --help.")]
    [InlineData("sho 2026-11-21", "'sho' is neither a command nor a file. The commands are list, show, status, resolve, doctor and copy;")]
    [InlineData("--quiet list", "--quiet does not go with list; leave it out.")]
    [InlineData("feed.xml list", "'feed.xml' does not go with list; leave it out.")]
    [InlineData("list --days 3661", "'3661' is not a number of days from 1 to 3660.")]
    [InlineData("resolve 2026-11-21 perhaps", "perhaps")]
    [InlineData("list --days 0", "'0' is not a number of days")]
    public async Task Wrong_arguments_are_named(string command, string message)
    {
        Run run = await Run.ProgramAsync([.. command.Split(' '), "--endpoint", "http://127.0.0.1:1"]);

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "list [options]")]
    [InlineData("show", "show <date> [options]")]
    [InlineData("status", "status <date> [options]")]
    [InlineData("resolve", "resolve <date> <decision> [options]")]
    [InlineData("doctor", "doctor [options]")]
    [InlineData("copy", "copy [options]")]
    public async Task The_help_of_a_command_asks_for_none_of_its_arguments(string command, string usage)
    {
        Run run = await Run.ProgramAsync(command, "--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(usage, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("<feeds>", run.Output, StringComparison.Ordinal);
    }
}
