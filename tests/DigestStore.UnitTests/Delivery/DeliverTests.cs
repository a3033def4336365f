using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Delivery;

/// <summary>One delivery from its lease to its end, and what each outage makes of it.</summary>
public sealed class DeliverTests
{
    private readonly DeliveryDesk _desk = new();

    [Fact]
    public async Task A_first_delivery_of_200_items_takes_five_requests_in_this_order()
    {
        DeliveryResult result = await _desk.DeliverAsync(items: 200);

        Assert.Equal((DeliveryOutcome.Delivered, 5, 0), (result.Outcome, result.Requests, result.Retries));
        Assert.Equal(
            [DeliveryStep.Acquire, DeliveryStep.Announce, DeliveryStep.Confirm, DeliveryStep.Complete], _desk.Table.Updates.Select(DeliveryDesk.StepOf));
        Assert.Equal((1, 0), (_desk.Table.Queries.Count, _desk.Table.Lookups.Count));
        Assert.Equal(("delivered", 200), (_desk.ManifestState, _desk.ManifestIds));
        Assert.Equal((DeliveryStatus.Delivered, 200, null, null), (_desk.Header.Status, _desk.Header.SentCount, _desk.Header.LeaseUntil, _desk.Header.Checkpoint));
        Assert.NotNull(_desk.Header.LeaseToken);
        Assert.Empty(_desk.Sink.Letters);
    }

    [Fact]
    public async Task The_attempt_knows_its_number_and_the_derived_message_id()
    {
        await _desk.DeliverAsync();

        DeliveryAttempt attempt = Assert.Single(_desk.Attempts);
        Assert.Equal((1, true, false), (attempt.Number, attempt.IsProtected, attempt.IsRepeat));
        Assert.Matches("^daily\\.2026-11-21\\.[0-9a-f]{16}$", attempt.MessageId);
        Assert.Equal(attempt.MessageId, _desk.Header.MessageId);
        Assert.Equal(_desk.Clock.GetUtcNow().ToUnixTimeMilliseconds() + 1, attempt.Fence);
    }

    [Fact]
    public async Task A_receipt_is_kept_and_what_is_too_long_in_it_is_cut()
    {
        string id = new('x', 300);
        DeliveryResult result = await _desk.DeliverAsync((_, _) => Task.FromResult(new DeliveryReceipt { MessageId = id + "é", SentCount = 2 }));

        Assert.Equal((DeliveryOutcome.Delivered, 2, id[..128]), (result.Outcome, result.SentCount, result.MessageId));
        Assert.Equal((id[..128], 2), (_desk.Header.MessageId, _desk.Header.SentCount));
    }

    public static TheoryData<DeliveryStep[], DeliveryOutcome, bool, bool> Outages { get; } = new()
    {
        { [DeliveryStep.Acquire], DeliveryOutcome.DeliveredUnrecorded, false, true },
        { [DeliveryStep.ReadManifest], DeliveryOutcome.Delivered, true, false },
        { [DeliveryStep.Announce], DeliveryOutcome.Delivered, false, true },
        { [DeliveryStep.Confirm], DeliveryOutcome.Delivered, true, true },
        { [DeliveryStep.Complete], DeliveryOutcome.DeliveredUnrecorded, true, true },
        { [DeliveryStep.ReadManifest, DeliveryStep.Announce], DeliveryOutcome.Delivered, false, true },
        { Enum.GetValues<DeliveryStep>(), DeliveryOutcome.DeliveredUnrecorded, false, true },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task The_email_goes_out_whatever_the_table_does(DeliveryStep[] broken, DeliveryOutcome outcome, bool areItemsRecorded, bool hasLetter)
    {
        _desk.Break(broken);

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((outcome, true, areItemsRecorded, hasLetter), (result.Outcome, result.WasAttempted, result.AreItemsRecorded, result.IsDeadLettered));
        Assert.Equal(broken.Contains(DeliveryStep.ReadManifest) && !broken.Contains(DeliveryStep.Acquire), result.IsHistoryUnread);
        Assert.Single(_desk.Attempts);
        Assert.Equal(hasLetter ? 1 : 0, _desk.Sink.Letters.Count);
        Assert.True(result.IsDelivered);
        result.EnsureDelivered();
    }

    [Fact]
    public async Task A_dead_table_holds_the_email_up_for_no_longer_than_one_read()
    {
        _desk.Break(Enum.GetValues<DeliveryStep>());
        TimeSpan? sentAfter = null;

        await _desk.DeliverAsync((_, _) =>
        {
            sentAfter = _desk.Clock.Elapsed;
            return Task.FromResult(new DeliveryReceipt());
        });

        Assert.InRange(sentAfter!.Value, TimeSpan.Zero, DigestStoreDefaults.ReadDeadline);
    }

    [Fact]
    public async Task An_unprotected_email_is_recorded_afterwards_when_the_table_is_well_again()
    {
        _desk.Break(DeliveryStep.Acquire);

        DeliveryResult result = await _desk.DeliverAsync((attempt, _) =>
        {
            Assert.Equal((false, 0, 0L), (attempt.IsProtected, attempt.Number, attempt.Fence));
            _desk.Mend();
            return Task.FromResult(new DeliveryReceipt());
        });

        Assert.Equal((DeliveryOutcome.Delivered, DeliveryLeaseOutcome.Unprotected, 1), (result.Outcome, result.LeaseOutcome, result.Attempt));
        Assert.Equal((DeliveryStatus.Delivered, "delivered", 3), (_desk.Header.Status, _desk.ManifestState, _desk.ManifestIds));
        Assert.Empty(_desk.Sink.Letters);
    }

    [Fact]
    public async Task An_unprotected_email_changes_nothing_while_another_sender_is_at_it()
    {
        _desk.Break(DeliveryStep.Acquire);

        DeliveryResult result = await _desk.DeliverAsync(async (_, _) =>
        {
            _desk.Mend();
            await _desk.Repository.AcquireAsync(DeliveryDesk.Date, new DeliveryOptions { Owner = "other" }, CancellationToken.None);
            return new DeliveryReceipt();
        });

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, "other", true), (result.Outcome, result.Owner, result.IsDeadLettered));
        Assert.Equal((DeliveryStatus.Sending, "other", null), (_desk.Header.Status, _desk.Header.LeaseOwner, _desk.ManifestState));
    }

    [Fact]
    public async Task An_uncertain_end_of_an_unprotected_attempt_is_recorded_too()
    {
        _desk.Break(DeliveryStep.Acquire);

        DeliveryResult result = await _desk.DeliverAsync((_, _) =>
        {
            _desk.Mend();
            throw new IOException();
        });

        Assert.Equal((DeliveryOutcome.Uncertain, true, true), (result.Outcome, result.IsStatusRecorded, result.AreItemsRecorded));
        Assert.Equal((DeliveryStatus.Failed, "uncertain: IOException", "sending", 3), (_desk.Header.Status, _desk.Header.LastError, _desk.ManifestState, _desk.ManifestIds));
        Assert.True((await _desk.DeliverAsync()).IsRepeat);
    }

    [Fact]
    public async Task A_known_failure_of_an_unprotected_attempt_needs_no_record()
    {
        _desk.Break(DeliveryStep.Acquire);

        DeliveryResult result = await _desk.DeliverAsync((_, _) =>
        {
            _desk.Mend();
            throw new DeliveryFailedException(DeliveryFailureKind.Retry, "421");
        });

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.Null(_desk.RawHeader);
    }

    [Fact]
    public async Task A_sender_killed_between_its_two_last_records_leaves_a_day_that_is_not_sent_again()
    {
        _desk.Break(DeliveryStep.Complete);
        await _desk.DeliverAsync();
        Assert.Equal((DeliveryStatus.Sending, "delivered"), (_desk.Header.Status, _desk.ManifestState));
        _desk.Mend();
        _desk.Clock.Advance(TimeSpan.FromMinutes(6));

        DeliveryResult next = await _desk.DeliverAsync();

        Assert.Equal(DeliveryOutcome.AlreadyDelivered, next.Outcome);
        Assert.Single(_desk.Attempts);
        Assert.Equal(DeliveryStatus.Delivered, _desk.Header.Status);
    }

    [Fact]
    public async Task A_sender_whose_announcement_meets_a_newer_one_does_not_send()
    {
        DeliveryLease? other = null;
        _desk.On(DeliveryStep.Announce, () =>
        {
            if (other is null)
            {
                _desk.Mend();
                _desk.Apply(new AttributeChange.Remove(AttributeNames.LeaseUntil));
                other = _desk.Repository.AcquireAsync(DeliveryDesk.Date).Result;
                Assert.True(_desk.Repository.AnnounceAsync(other, Some.Items(1)).Result.IsRecorded);
            }
        });

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.HeldByAnother, false), (result.Outcome, result.WasAttempted));
        Assert.Empty(_desk.Attempts);
        Assert.Equal(other!.Fence, _desk.Header.Fence);
    }

    [Theory]
    [InlineData(DisabledItems.Drop, 0)]
    [InlineData(DisabledItems.DeadLetter, 1)]
    public async Task A_store_that_is_switched_off_sends_and_keeps_a_letter_where_letters_are_wanted(DisabledItems whenDisabled, int letters)
    {
        var desk = new DeliveryDesk(options => (options.Enabled, options.WhenDisabled) = (false, whenDisabled));

        DeliveryResult result = await desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, DeliveryLeaseOutcome.Disabled, 0), (result.Outcome, result.LeaseOutcome, result.Requests));
        Assert.Equal((letters, 0), (desk.Sink.Letters.Count, desk.Table.Requests));
        Assert.Single(desk.Attempts);
    }

    [Fact]
    public async Task A_sink_that_fails_does_no_more_harm()
    {
        var desk = new DeliveryDesk(sink: new SinkDouble(works: false));
        desk.Break(DeliveryStep.Complete);

        DeliveryResult result = await desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, false), (result.Outcome, result.IsDeadLettered));
    }

    [Fact]
    public async Task A_disposed_repository_keeps_no_email_from_going_out()
    {
        _desk.Repository.Dispose();

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, 0, 1), (result.Outcome, _desk.Table.Requests, _desk.Sink.Letters.Count));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _desk.Repository.GetDeliveryAsync(DeliveryDesk.Date));
    }

    [Fact]
    public async Task A_result_that_is_not_delivered_can_be_thrown()
    {
        DeliveryResult failed = await _desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Retry, "421"));

        DeliveryFailedException thrown = Assert.Throws<DeliveryFailedException>(failed.EnsureDelivered);
        Assert.Equal((DeliveryFailureKind.Retry, failed), (thrown.Kind, thrown.Result));
        Assert.Equal("Failed: digest of 2026-11-21, attempt 1.", thrown.Message);
    }

    [Fact]
    public async Task Waiting_for_a_holder_ends_with_its_email()
    {
        DeliveryLease held = await _desk.AcquireAsync(new DeliveryOptions { Owner = "holder" });
        DeliveryResult result = await _desk.Clock.RunAsync(async () =>
        {
            Task<DeliveryResult> waiting = _desk.Repository.DeliverAsync(
                DeliveryDesk.Date, Some.Items(1), static (_, _) => Task.FromResult(new DeliveryReceipt()), new DeliveryOptions { WaitForHolder = TimeSpan.FromMinutes(1) });
            await Task.Delay(TimeSpan.FromSeconds(12), _desk.Clock);
            await _desk.Repository.CompleteAsync(held, new DeliveryReceipt());
            return await waiting;
        });

        Assert.Equal(DeliveryOutcome.AlreadyDelivered, result.Outcome);
        Assert.InRange(_desk.Clock.Elapsed, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(16));
    }

    [Fact]
    public async Task Waiting_for_a_holder_that_vanished_takes_the_day_over()
    {
        await _desk.AcquireAsync();

        DeliveryResult result = await _desk.DeliverAsync(options: new DeliveryOptions { WaitForHolder = TimeSpan.FromMinutes(10) });

        Assert.Equal((DeliveryOutcome.Delivered, 2, true), (result.Outcome, result.Attempt, result.IsRepeat));
        Assert.InRange(_desk.Clock.Elapsed, TimeSpan.FromMinutes(5.5), TimeSpan.FromMinutes(5.7));
    }

    [Fact]
    public async Task Waiting_ends_when_its_time_is_over()
    {
        await _desk.AcquireAsync();

        DeliveryResult result = await _desk.DeliverAsync(options: new DeliveryOptions { WaitForHolder = TimeSpan.FromSeconds(17) });

        Assert.Equal(DeliveryOutcome.HeldByAnother, result.Outcome);
        Assert.Equal(TimeSpan.FromSeconds(17), _desk.Clock.Elapsed);
    }

    [Fact]
    public async Task A_day_that_the_manifest_knows_as_delivered_is_not_sent_again_although_the_manifest_could_not_be_read()
    {
        await _desk.DeliverAsync();
        _desk.Apply([.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Failed)]);
        _desk.Break(DeliveryStep.ReadManifest);
        _desk.On(DeliveryStep.Announce, _desk.Mend);

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.AlreadyDelivered, 1), (result.Outcome, _desk.Attempts.Count));
        Assert.Equal("delivered", _desk.ManifestState);
    }
}
