using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Delivery;

/// <summary>The time between the lease and the email: outages that use the lease up, pauses, and who has the day afterwards.</summary>
public sealed class LeaseBeforeSendingTests
{
    private static readonly DeliveryStep[] AfterAcquire = [.. Enum.GetValues<DeliveryStep>().Where(static step => step != DeliveryStep.Acquire)];

    private readonly DeliveryDesk _desk = new();

    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(10, 2)]
    [InlineData(300, 30)]
    public async Task An_outage_after_the_lease_was_granted_leaves_a_part_of_the_lease_for_the_email(double lease, double allowance)
    {
        _desk.Silence(AfterAcquire);
        TimeSpan? sentAfter = null;

        DeliveryResult result = await _desk.DeliverAsync(
            (_, _) =>
            {
                sentAfter = _desk.Clock.Elapsed;
                return Task.FromResult(new DeliveryReceipt());
            },
            new DeliveryOptions { LeaseDuration = TimeSpan.FromSeconds(lease), ClockSkewAllowance = TimeSpan.FromSeconds(allowance) });

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, DeliveryLeaseOutcome.Granted, true), (result.Outcome, result.LeaseOutcome, result.IsDeadLettered));
        Assert.True(Assert.Single(_desk.Attempts).IsProtected);
        Assert.InRange(sentAfter!.Value, TimeSpan.Zero, TimeSpan.FromSeconds((lease - allowance) * 0.6));
    }

    [Fact]
    public async Task A_lease_of_which_an_outage_has_left_little_is_renewed_as_soon_as_the_table_answers()
    {
        _desk.Silence(DeliveryStep.ReadManifest, DeliveryStep.Announce);

        DeliveryResult result = await _desk.DeliverAsync(
            async (_, token) =>
            {
                _desk.Mend();
                await Task.Delay(TimeSpan.FromSeconds(30), _desk.Clock, token);
                return new DeliveryReceipt();
            },
            new DeliveryOptions { LeaseDuration = TimeSpan.FromSeconds(10), ClockSkewAllowance = TimeSpan.FromSeconds(2.5) });

        Assert.Equal((DeliveryOutcome.Delivered, true), (result.Outcome, result.AreItemsRecorded));
    }

    [Fact]
    public async Task A_lease_that_was_over_before_an_outage_sends_without_protection()
    {
        PauseAt(DeliveryStep.Acquire, () => _desk.Silence(AfterAcquire));

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, DeliveryLeaseOutcome.Unprotected, true), (result.Outcome, result.LeaseOutcome, result.IsDeadLettered));
        Assert.False(Assert.Single(_desk.Attempts).IsProtected);
        Assert.NotNull(result.Error);
    }

    [Fact]
    public async Task An_email_whose_lease_ended_in_an_outage_is_recorded_afterwards()
    {
        PauseAt(DeliveryStep.Announce, () => _desk.Break(DeliveryStep.Renew));

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.Delivered, DeliveryLeaseOutcome.Unprotected, true), (result.Outcome, result.LeaseOutcome, result.AreItemsRecorded));
        Assert.Equal((DeliveryStatus.Delivered, "delivered", 1), (_desk.Header.Status, _desk.ManifestState, _desk.Header.Attempts));
    }

    [Theory]
    [InlineData(DeliveryStep.Acquire)]
    [InlineData(DeliveryStep.Announce)]
    public async Task A_sender_that_was_paused_past_its_lease_renews_it_and_sends(DeliveryStep step)
    {
        PauseAt(step);

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.Delivered, DeliveryLeaseOutcome.Granted), (result.Outcome, result.LeaseOutcome));
        Assert.True(Assert.Single(_desk.Attempts).IsProtected);
        Assert.Single(_desk.Table.Updates, static update => DeliveryDesk.StepOf(update) == DeliveryStep.Renew);
    }

    [Fact]
    public async Task A_sender_that_was_paused_while_another_took_the_day_over_does_not_send()
    {
        DeliveryLease? other = null;
        PauseAt(DeliveryStep.Announce, () => other = _desk.Repository.AcquireAsync(DeliveryDesk.Date, new DeliveryOptions { Owner = "other" }).Result);

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.HeldByAnother, DeliveryLeaseOutcome.HeldByAnother, false, "other"), (result.Outcome, result.LeaseOutcome, result.WasAttempted, result.Owner));
        Assert.Empty(_desk.Attempts);

        // What it had announced was not sent, and the other one has its lease.
        Assert.Equal((0, other!.Token), (_desk.ManifestIds, _desk.Header.LeaseToken));
    }

    [Theory]
    [InlineData(DeliveryStatus.Delivered, DeliveryOutcome.AlreadyDelivered)]
    [InlineData(DeliveryStatus.Abandoned, DeliveryOutcome.GaveUp)]
    [InlineData(DeliveryStatus.Deleting, DeliveryOutcome.Deleted)]
    [InlineData(DeliveryStatus.Deleted, DeliveryOutcome.Deleted)]
    [InlineData(DeliveryStatus.Failed, DeliveryOutcome.Failed)]
    public async Task A_sender_that_was_paused_past_its_lease_says_what_became_of_the_day(DeliveryStatus status, DeliveryOutcome outcome)
    {
        PauseAt(DeliveryStep.Announce, () => _desk.Apply([.. HeaderStatus.Set(Some.Partition, status)]));

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((outcome, false, status), (result.Outcome, result.WasAttempted, _desk.Header.Status));
        Assert.Empty(_desk.Attempts);
    }

    [Fact]
    public async Task A_lease_that_a_newer_version_does_not_renew_keeps_no_email_from_going_out()
    {
        PauseAt(DeliveryStep.Announce, () => _desk.Apply(new AttributeChange.Set(AttributeNames.Version, Schema.Version + 1)));

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((true, DeliveryLeaseOutcome.Unprotected), (result.WasAttempted, result.LeaseOutcome));
    }

    [Fact]
    public async Task A_day_that_an_operator_has_marked_before_the_acquisition_is_repeated_is_already_delivered()
    {
        var desk = new DeliveryDesk();
        int acquisitions = 0;
        desk.LoseAnswers(DeliveryStep.Acquire);
        Func<RecordUpdate, UpdateReply?> answer = desk.Table.OnUpdate;
        desk.Table.OnUpdate = update =>
        {
            if (DeliveryDesk.StepOf(update) == DeliveryStep.Acquire && ++acquisitions == 2)
            {
                desk.Apply([.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Delivered), new AttributeChange.Remove(AttributeNames.LeaseUntil)]);
            }

            return answer(update);
        };

        DeliveryResult result = await desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.AlreadyDelivered, DeliveryLeaseOutcome.AlreadyDelivered, 2), (result.Outcome, result.LeaseOutcome, acquisitions));
        Assert.Equal((DeliveryStatus.Delivered, null), (desk.Header.Status, desk.ManifestState));
        Assert.Empty(desk.Attempts);
    }

    [Fact]
    public async Task A_sender_that_is_paused_directly_before_its_delegate_is_called_does_not_send()
    {
        TimerWatch? watch = null;
        var desk = new DeliveryDesk(watch: clock => watch = new TimerWatch(clock, SendTime));
        watch!.Begun = () => desk.Clock.JumpWallClock(TimeSpan.FromMinutes(4.6));

        DeliveryResult result = await desk.DeliverAsync(options: new DeliveryOptions { MaxSendDuration = SendTime });

        Assert.Equal((DeliveryOutcome.Failed, false, true), (result.Outcome, result.WasAttempted, result.IsStatusRecorded));
        Assert.Equal((DeliveryStatus.Failed, null, 0), (desk.Header.Status, desk.Header.MessageId, desk.ManifestIds));
        Assert.Empty(desk.Attempts);
    }

    [Fact]
    public async Task A_caller_that_cancels_directly_before_the_delegate_is_called_gets_a_day_on_which_nothing_was_sent()
    {
        using var caller = new CancellationTokenSource();
        TimerWatch? watch = null;
        var desk = new DeliveryDesk(watch: clock => watch = new TimerWatch(clock, SendTime));
        watch!.Begun = caller.Cancel;

        DigestStoreCanceledException thrown = await Assert.ThrowsAsync<DigestStoreCanceledException>(() => desk.DeliverAsync(
            static (_, _) => Task.FromResult(new DeliveryReceipt()), new DeliveryOptions { MaxSendDuration = SendTime }, cancellationToken: caller.Token));

        Assert.Equal((DeliveryOutcome.Failed, false), (thrown.Delivery!.Outcome, thrown.Delivery.WasAttempted));
        Assert.Equal((DeliveryStatus.Failed, null, 0), (desk.Header.Status, desk.Header.MessageId, desk.ManifestIds));
        Assert.Empty(desk.Attempts);
    }

    // A length that no other timer has.
    private static TimeSpan SendTime { get; } = TimeSpan.FromMinutes(7.7);

    // The machine is suspended while the request is under way, for longer than others wait. Only the wall clock goes on.
    private void PauseAt(DeliveryStep step, Action? meanwhile = null)
    {
        bool hasPaused = false;
        _desk.On(step, () =>
        {
            if (!hasPaused)
            {
                hasPaused = true;
                _desk.Clock.JumpWallClock(TimeSpan.FromMinutes(5.6));
                meanwhile?.Invoke();
            }
        });
    }
}
