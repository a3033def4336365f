using DigestStore;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

/// <summary>The commands that look at the days of a table, and the one that decides about a day.</summary>
public sealed class DayCommandTests
{
    [Fact]
    public async Task A_day_that_was_sent_is_listed_shown_and_its_status_told()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        string today = new DigestStoreOptions().Today().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await Run.ProgramAsync([.. morning.Arguments(mail: null).Select(argument => argument == "2026-11-21" ? today : argument)]);

        Run list = await Run.ProgramAsync(["list", .. morning.Place]);
        Run show = await Run.ProgramAsync(["show", today, .. morning.Place]);
        Run status = await Run.ProgramAsync(["status", today, .. morning.Place]);

        Assert.Equal((ExitCode.Done, ExitCode.Done, ExitCode.Done), (list.ExitCode, show.ExitCode, status.ExitCode));
        Assert.Equal("", list.Error + show.Error + status.Error);
        Assert.Matches(@"│ Date +│ Email +│ Stored +│ Items │ Sent │ Sent at +│ Attempts │ Note │", list.Output);
        Assert.Matches($@"│ {today} │ delivered │ 20\S+ \S+ │ +2 │ +2 │ 20\S+ \S+ │ +1 │ +│", list.Output);
        Assert.Matches(@"│ 1 │ A link", show.Output);
        Assert.Contains("│ email │ delivered │", status.Words, StringComparison.Ordinal);
        Assert.Matches(@"│ message id │ d-\S+ │", status.Words);
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
        Assert.Contains("the email of 2026-11-21 is pending, and this decision does not fit that.", resolve.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delivered", DeliveryStatus.Delivered)]
    [InlineData("abandon", DeliveryStatus.Abandoned)]
    [InlineData("retry", DeliveryStatus.Failed)]
    public async Task An_operator_decides_about_a_day_that_is_held_only_by_force(string decision, DeliveryStatus status)
    {
        await using MorningRun morning = await MorningRun.StartAsync();
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
        Assert.Empty((await morning.Repository.FindSentAsync(MorningRun.Day.AddDays(1), MorningRun.Urls, 30, TestContext.Current.CancellationToken)).Sent);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show 2026-11-21")]
    [InlineData("status 2026-11-21")]
    [InlineData("resolve 2026-11-21 retry")]
    public async Task Without_a_table_they_say_that_nothing_outlives_a_run_and_how_to_use_DynamoDB(string command)
    {
        Run run = await Run.InEnvironmentAsync([], command.Split(' '));

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains("the sample stores in memory, and nothing outlives a run. Name a DynamoDB table; ./eng/dynamodb-local.sh starts one", run.Error, StringComparison.Ordinal);
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
    [InlineData("resolve 2026-11-21 perhaps", "perhaps")]
    [InlineData("list --days 0", "'0' is not a number of days")]
    public async Task Wrong_arguments_are_named(string command, string message)
    {
        Run run = await Run.ProgramAsync([.. command.Split(' '), "--endpoint", "http://127.0.0.1:1"]);

        Assert.Equal(ExitCode.WrongArguments, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
