using DigestStore;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Deliver;

/// <summary>What a mail server can do to an email, and what is then known about it.</summary>
public sealed class MailServerTests
{
    [Fact]
    public async Task An_email_that_the_server_takes_is_recorded_as_delivered()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using var mail = new MailServerDouble();

        Run run = await morning.SendAsync(mail);

        Assert.Equal((ExitCode.EmailSent, ""), (run.ExitCode, run.Error));
        string message = Assert.Single(mail.Messages);
        Assert.Matches(@"^<d-[a-z0-9-]+\.2026-11-21\.[0-9a-f]{16}@example\.com>$", MorningRun.MessageIdOf(message));
        Assert.Contains("Subject: Your digest for 21 November 2026: 2 links", message, StringComparison.Ordinal);
        Assert.Contains($"Sent by {mail.Place} to one@example.com, two@example.com (2 links, ", run.Words, StringComparison.Ordinal);
        Assert.Contains("Recorded as delivered: attempt 1, 5 requests.", run.Words, StringComparison.Ordinal);
        Assert.False(File.Exists(morning.Eml));
        DeliveryState? state = await morning.Repository.GetDeliveryAsync(MorningRun.Day, TestContext.Current.CancellationToken);
        Assert.Equal((DeliveryStatus.Delivered, 2), (state!.Status, state.SentCount));
    }

    [Theory]
    [InlineData("MAIL", "550 no such sender")]
    [InlineData("RCPT", "550 5.1.1 no such reader")]
    [InlineData("DATA", "554 no valid recipients")]
    [InlineData(MailServerDouble.End, "552 too large")]
    public async Task A_refusal_for_good_gives_the_day_up_until_somebody_decides(string step, string reply)
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using var mail = new MailServerDouble();
        mail.Answer(step, reply);

        Run refused = await morning.SendAsync(mail);
        mail.Heal();
        Run again = await morning.SendAsync(mail);
        Run resolved = await Run.ProgramAsync(["resolve", "2026-11-21", "retry", .. morning.Place]);
        Run last = await morning.SendAsync(mail);

        Assert.Equal((ExitCode.EmailNotSent, ExitCode.EmailNotSent), (refused.ExitCode, again.ExitCode));
        Assert.Contains($"ERROR The mail server {mail.Place} refused the email for good ({reply[..3]}): ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("The day is given up. When the cause is mended: resolve 2026-11-21 retry", refused.Error, StringComparison.Ordinal);
        Assert.Contains("ERROR The email of 2026-11-21 is given up.", again.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ExitCode.EmailSent), (resolved.ExitCode, last.ExitCode));
        Assert.Single(mail.Messages);
        Assert.DoesNotContain("same Message-ID", last.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL", "451 busy")]
    [InlineData("RCPT", "450 4.2.1 mailbox busy")]
    [InlineData(MailServerDouble.End, "452 disk full")]
    public async Task A_refusal_for_now_is_tried_again_by_the_next_run(string step, string reply)
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using var mail = new MailServerDouble();
        mail.Answer(step, reply);

        Run refused = await morning.SendAsync(mail);
        DeliveryStatus? between = await morning.StatusAsync();
        mail.Heal();
        Run again = await morning.SendAsync(mail);

        Assert.Equal((ExitCode.EmailNotSent, DeliveryStatus.Failed), (refused.ExitCode, between));
        Assert.Contains($"ERROR The mail server {mail.Place} refused the email for now ({reply[..3]}): ", refused.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.EmailSent, ""), (again.ExitCode, again.Error));
        Assert.Contains("Recorded as delivered: attempt 2", again.Words, StringComparison.Ordinal);
        Assert.Single(mail.Messages);
    }

    [Fact]
    public async Task A_server_that_is_not_there_has_taken_nothing()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        var gone = new MailServerDouble();
        await gone.DisposeAsync();

        Run run = await morning.SendAsync(gone);

        Assert.Equal((ExitCode.EmailNotSent, DeliveryStatus.Failed), (run.ExitCode, await morning.StatusAsync()));
        Assert.Contains($"ERROR The mail server {gone.Place} cannot be used, and nothing was sent: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_not_sent_to_a_server_without_encryption()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using var mail = new MailServerDouble();

        Run run = await Run.InEnvironmentAsync(new() { ["EmailDigest:SmtpUser"] = "user", ["EmailDigest:SmtpPassword"] = "secret" }, morning.Arguments(mail));

        Assert.Equal((ExitCode.EmailNotSent, DeliveryStatus.Failed), (run.ExitCode, await morning.StatusAsync()));
        Assert.Empty(mail.Messages);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "broke off", 1)]
    [InlineData(false, "did not answer in time", 2)]
    public async Task After_a_broken_or_silent_end_nobody_knows_and_the_next_run_sends_the_same_message_and_says_so(bool drops, string how, int messages)
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using var mail = new MailServerDouble();
        if (drops)
        {
            mail.Drop(MailServerDouble.End);
        }
        else
        {
            mail.Stall(MailServerDouble.End);
            morning.SmtpTimeout = TimeSpan.FromSeconds(5);
        }

        Run uncertain = await morning.SendAsync(mail);
        SentLookup sent = await morning.Repository.FindSentAsync(MorningRun.Day.AddDays(1), MorningRun.Urls, 30, TestContext.Current.CancellationToken);
        mail.Heal();
        morning.SmtpTimeout = TimeSpan.FromMinutes(1);
        Run again = await morning.SendAsync(mail);

        Assert.Equal(ExitCode.EmailNotSent, uncertain.ExitCode);
        Assert.Contains($"ERROR The mail server {mail.Place} {how}, and may have taken the email", uncertain.Error, StringComparison.Ordinal);
        Assert.Contains("If it has arrived: resolve 2026-11-21 delivered", uncertain.Error, StringComparison.Ordinal);
        Assert.Equal((MorningRun.Urls.Length, MorningRun.Day), (sent.Sent.Count, Assert.Single(sent.UnsettledDates)));
        Assert.Equal((ExitCode.EmailSent, DeliveryStatus.Delivered), (again.ExitCode, await morning.StatusAsync()));
        Assert.Contains("WARNING An earlier run may have sent this email, and ended before that was recorded. It is sent again with the same Message-ID, ", again.Error, StringComparison.Ordinal);
        Assert.Equal(messages, mail.Messages.Count);
        Assert.Single(mail.Messages.Select(MorningRun.MessageIdOf).Distinct());
    }

    [Fact(Timeout = 300_000)]
    public async Task An_email_that_was_taken_is_recorded_although_the_server_does_not_say_goodbye()
    {
        await using MorningRun morning = await MorningRun.StartAsync();
        await using var mail = new MailServerDouble();
        morning.SmtpTimeout = TimeSpan.FromHours(1);
        mail.Stall("QUIT");

        Run run = await morning.SendAsync(mail);

        Assert.Equal((ExitCode.EmailSent, ""), (run.ExitCode, run.Error));
        Assert.Equal(DeliveryStatus.Delivered, await morning.StatusAsync());
    }
}
