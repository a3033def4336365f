using DigestStore.Delivery;
using DigestStore.Records;

namespace DigestStore.UnitTests.Delivery;

/// <summary>The defaults and bounds of a delivery's settings, and of what its senders say.</summary>
public sealed class DeliveryOptionsTests
{
    [Fact]
    public void The_defaults_are_as_documented()
    {
        var options = new DeliveryOptions();

        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), 5), (options.LeaseDuration, options.ClockSkewAllowance, options.MaxSendDuration, options.MaxAttempts));
        Assert.Equal((null, UncertainAttempt.Resend, TimeSpan.Zero, null, null), (options.MessageId, options.OnUncertain, options.WaitForHolder, options.Caller, options.CorrelationId));
        Assert.StartsWith(Environment.MachineName[..Math.Min(20, Environment.MachineName.Length)], options.Owner, StringComparison.Ordinal);
        Assert.EndsWith("/" + Environment.ProcessId, options.Owner, StringComparison.Ordinal);
        Assert.Null(DeliveryRules.Problem(options));
    }

    public static TheoryData<DeliveryOptions, string> Invalid { get; } = new()
    {
        { new() { LeaseDuration = TimeSpan.Zero }, "DeliveryOptions.LeaseDuration is '00:00:00', but must be between 00:00:01 and 1.00:00:00. Set a few times the longest pause of a process." },
        {
            new() { LeaseDuration = TimeSpan.FromSeconds(119) },
            "DeliveryOptions.ClockSkewAllowance is '00:00:30', but must be between 00:00:00 and a quarter of LeaseDuration, which is '00:01:59'. Lower it, or raise LeaseDuration."
        },
        { new() { MaxSendDuration = TimeSpan.FromDays(2) }, "DeliveryOptions.MaxSendDuration is '2.00:00:00', but must be more than zero and at most 1.00:00:00. Set the longest time that sending may take." },
        { new() { MaxAttempts = 1_001 }, "DeliveryOptions.MaxAttempts is '1001', but must be between 1 and 1000. Use 1 for no further attempt." },
        {
            new() { Owner = new string('o', 65) },
            $"DeliveryOptions.Owner is '{new string('o', 65)}', but must be 1 to 64 characters of printable ASCII. Leave it out for the names of the machine and the process."
        },
        {
            new() { MessageId = "größe" },
            "DeliveryOptions.MessageId is 'gr  e', but must be 1 to 128 characters of printable ASCII without spaces and angle brackets, so that it fits into a Message-ID. Leave it out for an id that is derived from the table, the digest and the date."
        },
        { new() { OnUncertain = (UncertainAttempt)7 }, "DeliveryOptions.OnUncertain is '7', but must be Resend, Skip or Throw. Leave it out for Resend." },
        { new() { WaitForHolder = TimeSpan.FromTicks(-1) }, "DeliveryOptions.WaitForHolder is '-00:00:00.0000001', but must be between 00:00:00 and 1.00:00:00. Use zero not to wait." },
        { new() { Caller = new string('c', 129) }, $"DeliveryOptions.Caller is '{new string('c', 128)}', but must be at most 128 characters long. Shorten it." },
        { new() { CorrelationId = new string('c', 129) }, $"DeliveryOptions.CorrelationId is '{new string('c', 128)}', but must be at most 128 characters long. Shorten it." },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_option_names_value_rule_and_remedy(DeliveryOptions options, string message) => Assert.Equal(message, DeliveryRules.Problem(options));

    [Fact]
    public async Task Invalid_options_are_found_before_anything_is_asked_or_sent()
    {
        var desk = new DeliveryDesk();

        ArgumentException thrown = await Assert.ThrowsAsync<ArgumentException>(() => desk.DeliverAsync(options: new DeliveryOptions { MaxAttempts = 0 }));

        Assert.Equal("options", thrown.ParamName);

        Assert.Equal((0, 0), (desk.Attempts.Count, desk.Table.Requests));
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_kept_is_refused()
    {
        var desk = new DeliveryDesk();
        DeliveryLease lease = await desk.AcquireAsync();
        foreach ((string checkpoint, string message) in ((string, string)[])[("", "0 bytes"), (new string('é', 129), "258 bytes"), ("\ud800", "surrogate")])
        {
            ArgumentException thrown = await Assert.ThrowsAsync<ArgumentException>(() => desk.Repository.RenewAsync(lease, checkpoint));
            Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ArgumentException>(() => new DeliveryAttempt { Date = Some.Date, MessageId = "m" }.SaveCheckpointAsync(checkpoint));
        }
    }

    [Fact]
    public async Task A_lease_without_a_token_is_refused()
    {
        var desk = new DeliveryDesk();

        ArgumentException thrown = await Assert.ThrowsAsync<ArgumentException>(() => desk.Repository.CompleteAsync(new DeliveryLease { Date = Some.Date, Outcome = DeliveryLeaseOutcome.Granted }, new DeliveryReceipt()));

        Assert.StartsWith("The lease has no token, so nothing can be recorded for it.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_can_be_made_anew_in_another_process()
    {
        var desk = new DeliveryDesk();
        DeliveryLease lease = await desk.AcquireAsync();
        var kept = new DeliveryLease { Date = lease.Date, Outcome = lease.Outcome, Token = lease.Token, Fence = lease.Fence, MessageId = lease.MessageId };

        Assert.True((await desk.Repository.AnnounceAsync(kept, Some.Items(2))).IsRecorded);
        Assert.True((await desk.Repository.CompleteAsync(kept, new DeliveryReceipt())).IsRecorded);

        Assert.Equal((DeliveryStatus.Delivered, "delivered", 2), (desk.Header.Status, desk.ManifestState, desk.ManifestIds));
    }

    [Fact]
    public async Task A_lease_that_the_table_has_not_answered_for_is_asked_for_again_by_each_step()
    {
        var desk = new DeliveryDesk();
        desk.Break(DeliveryStep.Acquire);
        DeliveryLease lease = await desk.AcquireAsync();
        Assert.Equal((DeliveryLeaseOutcome.Unprotected, true), (lease.Outcome, lease.MaySend));
        Assert.Equal(DeliveryChangeOutcome.NotRecorded, (await desk.Clock.RunAsync(() => desk.Repository.AnnounceAsync(lease, Some.Items(2)))).Outcome);
        desk.Mend();

        Assert.True((await desk.Repository.AnnounceAsync(lease, Some.Items(2))).IsRecorded);
        Assert.True((await desk.Repository.RenewAsync(lease)).IsRecorded);
        Assert.True((await desk.Repository.CompleteAsync(lease, new DeliveryReceipt())).IsRecorded);

        Assert.Equal((DeliveryStatus.Delivered, "delivered", 2, 1), (desk.Header.Status, desk.ManifestState, desk.ManifestIds, desk.Header.Attempts));
    }

    [Fact]
    public void The_derived_message_id_is_the_same_for_a_table_by_its_name_and_by_its_ARN()
    {
        string byName = DeliveryRules.DefaultMessageId(new Partition("digests", "daily", Some.Date));

        Assert.Equal(byName, DeliveryRules.DefaultMessageId(new Partition("arn:aws:dynamodb:eu-central-1:123456789012:table/digests", "daily", Some.Date)));
        Assert.NotEqual(byName, DeliveryRules.DefaultMessageId(new Partition("digests", "weekly", Some.Date)));
        Assert.NotEqual(byName, DeliveryRules.DefaultMessageId(new Partition("other", "daily", Some.Date)));
        Assert.NotEqual(byName, DeliveryRules.DefaultMessageId(new Partition("digests", "daily", Some.Date.AddDays(1))));
        Assert.InRange(DeliveryRules.DefaultMessageId(new Partition("digests", new string('d', 64), Some.Date)).Length, 90, DeliveryRules.MaxMessageIdBytes);
    }
}
