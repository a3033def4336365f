using DigestStore;
using DigestStore.TestSupport;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests;

/// <summary>What happens to a digest service that runs every morning: twice, at once, after an outage, and on the next day.</summary>
public sealed class MorningTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_run_of_the_day_sends_nothing_and_says_when_the_first_one_did(bool isInFile)
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile);
        await using var mail = new MailServerDouble();

        await morning.SendAsync(mail);
        Run again = await morning.SendAsync(mail, "--quiet");

        Assert.Equal((ExitCode.EmailSent, ""), (again.ExitCode, again.Error));
        Assert.Matches(@"^Already delivered at 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC, message id d-\S+\. Nothing is sent\.$", again.Words);
        Assert.Single(mail.Messages);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_runs_at_once_one_sends_and_the_other_says_who_does(bool isInFile)
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile);
        await using var mail = new MailServerDouble();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mail.Hold(MailServerDouble.End, answer.Task);
        Task<Run> first = Run.ProgramAsync(morning.Arguments(mail));
        await mail.Asked;

        Run other = await morning.SendAsync(mail);
        Task<Run> patient = morning.SendAsync(mail, "--wait", "300");
        answer.SetResult();

        Assert.Equal(ExitCode.EmailSent, (await first).ExitCode);
        Assert.Equal(ExitCode.HeldByAnother, other.ExitCode);
        Assert.Matches($@"WARNING Another run \({Environment.MachineName}/{Environment.ProcessId}\) is sending this email, or was killed while it did\. Nothing is sent\. Run again in \d+ s", other.Error);
        Assert.Equal(ExitCode.EmailSent, (await patient).ExitCode);
        Assert.Contains("Already delivered at ", (await patient).Words, StringComparison.Ordinal);
        Assert.Single(mail.Messages);
    }

    [Fact]
    public async Task With_the_database_down_the_email_is_sent_with_a_warning_and_the_next_run_records_it()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using var mail = new MailServerDouble();

        Run down = await Run.ProgramAsync(morning.Arguments(mail, new Uri("http://127.0.0.1:1")));
        Run up = await morning.SendAsync(mail);

        Assert.Equal(ExitCode.EmailSent, down.ExitCode);
        Assert.Contains("WARNING Not compared with earlier emails, so links may come again (", down.Error, StringComparison.Ordinal);
        Assert.Contains("WARNING The email went out, and the database does not know it: ", down.Error, StringComparison.Ordinal);
        Assert.Contains("The next run that reaches the database records it.", down.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.EmailSent, up.ExitCode);
        Assert.Contains("3 dead letters of earlier runs replayed", up.Words, StringComparison.Ordinal);
        Assert.Contains("Already delivered at ", up.Words, StringComparison.Ordinal);
        Assert.Single(mail.Messages);
        Assert.Equal(2, (await FindSentAsync(morning)).Sent.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_sent_does_not_come_again_in_the_next_30_days(bool isInFile)
    {
        await using MorningRun morning = await MorningRun.StartAsync(isInFile);
        await using var mail = new MailServerDouble();
        await morning.SendAsync(mail);

        Run next = await Run.ProgramAsync([.. On(morning.Arguments(mail), "2026-12-21")]);
        Run asked = await Run.ProgramAsync([.. On(morning.Arguments(mail), "2026-12-21"), "--again-after", "0"]);
        Run later = await Run.ProgramAsync([.. On(morning.Arguments(mail), "2026-12-22"), "--again-after", "0"]);

        Assert.Equal(ExitCode.NothingToSend, next.ExitCode);
        Assert.Contains("Left out: 2 links sent in the last 30 days; --again-after 0 takes them again.", next.Words, StringComparison.Ordinal);
        Assert.Contains("WARNING There is nothing to send, because every valid link was sent in the last 30 days, so no email is written.", next.Words, StringComparison.Ordinal);
        Assert.Equal((ExitCode.EmailSent, ExitCode.EmailSent), (asked.ExitCode, later.ExitCode));
        Assert.Equal(3, mail.Messages.Select(MorningRun.MessageIdOf).Distinct().Count());
    }

    [Fact]
    public async Task A_link_that_was_sent_31_days_ago_comes_again()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using var mail = new MailServerDouble();
        await morning.SendAsync(mail);

        Run run = await Run.ProgramAsync([.. On(morning.Arguments(mail), "2026-12-22")]);

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Equal(2, mail.Messages.Count);
    }

    [Fact]
    public async Task A_file_that_was_written_and_not_recorded_is_written_again_with_the_same_Message_ID_and_that_is_said()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using ScriptedEndpoint database = ScriptedEndpoint.Start();
        database.On("UpdateItem").When(_ => File.Exists(morning.Eml)).Answer(Fault.InternalServerError());
        Run unrecorded = await Run.ProgramAsync(morning.Arguments(mail: null, database.Uri));
        string id = Eml.Load(morning.Eml).Headers["Message-Id"];
        byte[] bytes = await File.ReadAllBytesAsync(morning.Eml, TestContext.Current.CancellationToken);
        File.Delete(morning.Eml);

        // Without the dead letters of the first run, nobody knows that it has written the file.
        Run again = await morning.SendLaterAsync(morning.Arguments(mail: null, database.Uri, "other-letters"));

        Assert.Equal((ExitCode.EmailSent, ExitCode.EmailSent), (unrecorded.ExitCode, again.ExitCode));
        Assert.Contains("WARNING The email went out, and the database does not know it: ", unrecorded.Error, StringComparison.Ordinal);
        Assert.Contains($"It is sent again with the same Message-ID, {id.Trim('<').Split('@')[0]}, so", again.Error, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(morning.Eml, TestContext.Current.CancellationToken));
    }

    private static Task<SentLookup> FindSentAsync(MorningRun morning) =>
        morning.Repository.FindSentAsync(MorningRun.Day.AddDays(1), MorningRun.Urls, 30, TestContext.Current.CancellationToken);

    private static IEnumerable<string> On(IEnumerable<string> arguments, string date) => arguments.Select(argument => argument == "2026-11-21" ? date : argument);
}
