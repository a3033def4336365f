using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Copying;

// What the target says about the email of a day after a copy.
public sealed class DeliveryMergeTests
{
    private readonly CopyDesk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_that_is_being_sent_arrives_as_failed_and_the_next_sender_is_told_that_it_may_repeat()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        DeliveryLease lease = await _desk.From.AcquireAsync(Some.Date, cancellationToken: Token);
        await _desk.From.AnnounceAsync(lease, Some.Items(2), Token);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Failed), (day.Outcome, day.Status));
        DeliveryState? state = await _desk.To.GetDeliveryAsync(Some.Date, Token);
        Assert.Equal((DeliveryStatus.Failed, 1, lease.MessageId, null), (state!.Status, state.Attempts, state.MessageId, state.LeaseUntil));
        Assert.Equal(new DeliveryFailure(DeliveryFailureKind.Uncertain, "The day was being sent when it was copied."), state.LastFailure);
        Assert.Equal("STATUS#daily#failed", CopyDesk.Header(_desk.Target).Text(N.StatusIndexPk));
        Assert.Equal(DeliveryStatus.Sending, (await _desk.From.GetDeliveryAsync(Some.Date, Token))!.Status);

        DeliveryAttempt? attempt = null;
        Assert.Equal(DeliveryOutcome.Delivered, (await CopyDesk.DeliverAsync(_desk.To, Some.Items(2), seen: seen => attempt = seen)).Outcome);
        Assert.Equal((true, lease.MessageId, 2), (attempt!.IsRepeat, attempt.MessageId, attempt.PreviousItems.Count));
    }

    [Fact]
    public async Task A_day_that_is_still_being_sent_is_equal_at_the_next_copy_and_its_end_arrives_then()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        DeliveryLease lease = await _desk.From.AcquireAsync(Some.Date, cancellationToken: Token);
        await _desk.From.AnnounceAsync(lease, Some.Items(2), Token);
        await _desk.CopyAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);

        await _desk.From.CompleteAsync(lease, new DeliveryReceipt(), Token);
        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Delivered), (day.Outcome, day.Status));
        Assert.Equal("delivered", CopyDesk.Records(_desk.Target)["SENT#daily 2026-11-21"].Text(N.State));
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
    }

    [Theory]
    [InlineData(DeliveryFailureKind.Retry, DeliveryStatus.Failed)]
    [InlineData(DeliveryFailureKind.Uncertain, DeliveryStatus.Failed)]
    [InlineData(DeliveryFailureKind.Permanent, DeliveryStatus.Abandoned)]
    public async Task A_day_that_failed_arrives_as_it_is(DeliveryFailureKind kind, DeliveryStatus status)
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2), new DeliveryFailedException(kind, "why"));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, status), (day.Outcome, day.Status));
        _desk.AssertEqual();
    }

    [Fact]
    public async Task A_delivered_day_of_the_target_stays_delivered_and_gets_the_items_and_what_was_sent()
    {
        await CopyDesk.StoreAsync(_desk.To, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.To, Some.Items(2));
        StoredRecord before = CopyDesk.Header(_desk.Target);
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2, from: 1));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2, from: 1), new DeliveryFailedException(DeliveryFailureKind.Uncertain, "why"));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Delivered, DeliveryStatus.Delivered), (day.Outcome, day.KeptBecause, day.Status));
        Assert.All(new[] { N.Status, N.StatusIndexPk, N.Fence, N.LeaseToken, N.MessageId, N.DeliveredAt, N.LastError }, name => Assert.True(before.IsEqualIn(name, CopyDesk.Header(_desk.Target)), name));
        Assert.Equal(3, (await _desk.To.GetAsync(Some.Date, Token)).Count);
        Assert.Equal(3, (await _desk.To.FindSentAsync(Some.Date.AddDays(1), [.. Some.Items(4).Select(static item => item.Url)], 5, Token)).Sent.Count);

        DigestCopyDay again = await _desk.CopyDayAsync();
        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Delivered, 0), (again.Outcome, again.KeptBecause, again.ItemsCopied));
        Assert.Equal(0, (await _desk.CopyAsync()).TargetCost.WriteUnits);
    }

    [Fact]
    public async Task A_day_that_is_being_sent_at_the_target_keeps_its_lease_and_gets_the_items()
    {
        DeliveryLease lease = await _desk.To.AcquireAsync(Some.Date, cancellationToken: Token);
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Held, DeliveryStatus.Sending, 2), (day.Outcome, day.KeptBecause, day.Status, day.ItemsCopied));
        Assert.True((await _desk.To.RenewAsync(lease, cancellationToken: Token)).IsRecorded);

        // The header has what the source's stores wrote, so that the next store call knows the day.
        StoredRecord header = CopyDesk.Header(_desk.Target);
        Assert.Equal(("1", 2L, 2L), (header.Text(N.IdRules), header.Number(N.NextOrdinal), header.Number(N.Inserted)));
    }

    [Fact]
    public async Task A_later_attempt_at_the_target_is_kept()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await _desk.CopyAsync();
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Retry, "source"));
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.DeliverAsync(_desk.To, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Uncertain, "target"));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.NewerAttempt), (day.Outcome, day.KeptBecause));
        Assert.Equal(DeliveryFailureKind.Uncertain, (await _desk.To.GetDeliveryAsync(Some.Date, Token))!.LastFailure!.Kind);
    }

    [Fact]
    public async Task A_later_attempt_at_the_source_replaces_that_of_the_target()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Retry, "first"));
        await _desk.CopyAsync();
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Delivered), (day.Outcome, day.Status));
        Assert.True(CopyDesk.Header(_desk.Source).IsEqualTo(CopyDesk.Header(_desk.Target)));
    }

    [Fact]
    public async Task A_decision_at_the_target_is_kept()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Uncertain, "why"));
        await _desk.CopyAsync();
        await _desk.To.ResolveAsync(Some.Date, new DeliveryResolution(DeliveryResolutionKind.Abandon), Token);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Resolved, DeliveryStatus.Abandoned), (day.Outcome, day.KeptBecause, day.Status));
    }

    [Fact]
    public async Task Items_stored_at_the_source_after_the_delivery_are_counted_at_the_target_too()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        await _desk.CopyAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, Some.Items(1, from: 5));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, 1), (day.Outcome, day.ItemsCopied));
        _desk.AssertEqual();
        Assert.Equal(1, (await _desk.To.GetDeliveryAsync(Some.Date, Token))!.ItemsAfterDelivery);
    }

    [Fact]
    public async Task A_day_that_was_deleted_at_the_source_arrives_as_deleted_with_what_was_sent()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        await _desk.From.DeleteDayAsync(Some.Date, Token);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Deleted, 0), (day.Outcome, day.Status, day.Items));
        _desk.AssertEqual();
        Assert.Equal(DeliveryOutcome.Deleted, (await CopyDesk.DeliverAsync(_desk.To, Some.Items(2))).Outcome);
    }

    [Fact]
    public async Task A_day_that_was_deleted_at_the_source_is_not_deleted_at_the_target()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await _desk.CopyAsync();
        await _desk.From.DeleteDayAsync(Some.Date, Token);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.DeletedAtSource, DeliveryStatus.Pending), (day.Outcome, day.KeptBecause, day.Status));
        Assert.Equal(2, (await _desk.To.GetAsync(Some.Date, Token)).Count);
    }

    [Fact]
    public async Task A_day_that_was_deleted_at_the_target_stays_deleted()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        await _desk.CopyAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.To.DeleteDayAsync(Some.Date, Token);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Deleted, DeliveryStatus.Deleted, 2, 0, 2), (day.Outcome, day.KeptBecause, day.Status, day.Items, day.ItemsCopied, day.ItemsKept));
        Assert.Empty(await _desk.To.GetAsync(Some.Date, Token));
        Assert.Equal(2, (await _desk.To.FindSentAsync(Some.Date.AddDays(1), [.. Some.Items(2).Select(static item => item.Url)], 5, Token)).Sent.Count);
    }

    [Fact]
    public async Task A_deletion_under_way_at_the_source_refuses_senders_at_the_target_and_can_be_taken_up_there_at_once()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(60));
        _desk.Source.OnWrite = static batch => new WriteReply { Sent = batch.Ids.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) };
        await Assert.ThrowsAsync<DigestStoreException>(() => _desk.From.DeleteDayAsync(Some.Date, Token));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Deleting, 60), (day.Outcome, day.Status, day.ItemsCopied));
        Assert.Equal(DeliveryOutcome.Deleted, (await CopyDesk.DeliverAsync(_desk.To, Some.Items(2))).Outcome);
        Assert.Equal((DeleteDayOutcome.Deleted, 60), (await _desk.To.DeleteDayAsync(Some.Date, Token)) is var deleted ? (deleted.Outcome, deleted.ItemsDeleted) : default);
    }

    [Fact]
    public async Task The_fence_of_an_expired_header_at_the_target_never_goes_back()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        CopyDesk.Put(_desk.Target, "HEADER", N.Fence, new AttributeValue { N = "9000000000000" });
        CopyDesk.Put(_desk.Target, "HEADER", N.LastError, new AttributeValue { S = "uncertain: old" });
        CopyDesk.Put(_desk.Target, "HEADER", N.ExpiresAt, new AttributeValue { N = "1000" });

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);

        StoredRecord header = CopyDesk.Header(_desk.Target);
        Assert.Equal((9_000_000_000_000L, null, null), (header.Number(N.Fence), header.Text(N.LastError), header.Number(N.ExpiresAt)));
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
    }

    [Fact]
    public async Task A_day_that_was_deleted_at_the_target_stays_deleted_when_the_source_has_made_a_later_attempt()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await _desk.CopyAsync();
        await _desk.To.DeleteDayAsync(Some.Date, Token);
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Deleted, DeliveryStatus.Deleted, 0), (day.Outcome, day.KeptBecause, day.Status, day.ItemsCopied));
        Assert.True(CopyDesk.Header(_desk.Source).Number(N.Fence) > CopyDesk.Header(_desk.Target).Number(N.Fence));
        Assert.Equal(2, (await _desk.To.FindSentAsync(Some.Date.AddDays(1), [.. Some.Items(2).Select(static item => item.Url)], 5, Token)).Sent.Count);
    }

    [Fact]
    public async Task A_day_that_began_anew_at_the_source_after_its_deletion_arrives_at_a_target_that_has_taken_over_the_deletion()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await _desk.From.DeleteDayAsync(Some.Date, Token);
        await _desk.CopyAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Pending, 2), (day.Outcome, day.Status, day.ItemsCopied));
    }

    [Theory]
    [InlineData(DeliveryFailureKind.Retry, DeliveryStatus.Failed)]
    [InlineData(DeliveryFailureKind.Uncertain, DeliveryStatus.Failed)]
    [InlineData(DeliveryFailureKind.Permanent, DeliveryStatus.Abandoned)]
    public async Task A_delivered_day_of_the_source_replaces_a_later_attempt_at_the_target_that_failed(DeliveryFailureKind kind, DeliveryStatus status)
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.DeliverAsync(_desk.To, Some.Items(2), new DeliveryFailedException(kind, "target"));
        Assert.Equal(status, (await _desk.To.GetDeliveryAsync(Some.Date, Token))!.Status);
        long? fence = CopyDesk.Header(_desk.Target).Number(N.Fence);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Delivered), (day.Outcome, day.Status));
        Assert.Equal("delivered", CopyDesk.Records(_desk.Target)["SENT#daily 2026-11-21"].Text(N.State));
        Assert.Equal(fence, CopyDesk.Header(_desk.Target).Number(N.Fence));
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
        Assert.Equal(DeliveryOutcome.AlreadyDelivered, (await CopyDesk.DeliverAsync(_desk.To, Some.Items(2))).Outcome);
    }

    [Fact]
    public async Task A_delivered_day_of_the_source_replaces_an_attempt_at_the_target_whose_sender_was_killed()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        await _desk.To.AcquireAsync(Some.Date, cancellationToken: Token);
        _desk.Clock.Advance(TimeSpan.FromMinutes(6));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Delivered), (day.Outcome, day.Status));
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
    }

    [Fact]
    public async Task A_sender_of_the_target_who_holds_the_day_learns_from_the_manifest_that_the_email_has_gone_out()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        DeliveryLease lease = await _desk.To.AcquireAsync(Some.Date, cancellationToken: Token);
        await _desk.To.AnnounceAsync(lease, Some.Items(1, from: 7), Token);

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Held), (await _desk.CopyDayAsync()) is var day ? (day.Outcome, day.KeptBecause) : default);

        StoredRecord manifest = CopyDesk.Records(_desk.Target)["SENT#daily 2026-11-21"];
        Assert.Equal(("delivered", 2L, 1L, lease.Fence), (manifest.Text(N.State), manifest.Number(N.Count), manifest.Number(N.PriorCount), manifest.Number(N.Fence)));
        Assert.True((await _desk.To.CompleteAsync(lease, new DeliveryReceipt(), Token)).IsRecorded);
        Assert.Equal("delivered", CopyDesk.Records(_desk.Target)["SENT#daily 2026-11-21"].Text(N.State));
    }

    [Fact]
    public async Task A_day_that_began_anew_at_the_target_after_the_delivery_at_the_source_can_still_be_sent()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        await _desk.CopyAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.To.DeleteDayAsync(Some.Date, Token);
        await CopyDesk.StoreAsync(_desk.To, Some.Items(1, from: 7));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.NewerAttempt, DeliveryStatus.Pending), (day.Outcome, day.KeptBecause, day.Status));
        Assert.Equal(DeliveryOutcome.Delivered, (await CopyDesk.DeliverAsync(_desk.To, Some.Items(1, from: 7))).Outcome);
    }

    [Fact]
    public async Task A_day_that_is_delivered_between_the_reads_of_its_header_and_of_its_manifest_is_read_again()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        bool isFirst = true;
        _desk.Source.OnQuery = request =>
        {
            if (isFirst && request.PartitionKey == RecordKeys.Sent("daily"))
            {
                isFirst = false;
                Assert.Equal(DeliveryOutcome.Delivered, Task.Run(() => CopyDesk.DeliverAsync(_desk.From, Some.Items(2))).Result.Outcome);
            }

            return null;
        };

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, DeliveryStatus.Delivered), (day.Outcome, day.Status));
        _desk.AssertEqual();
    }

    [Fact]
    public async Task A_header_that_lost_its_fence_is_read_twice_and_arrives_with_that_of_the_manifest()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Uncertain, "why"));
        CopyDesk.Put(_desk.Source, "HEADER", N.Fence, new AttributeValue { N = "5" });

        DigestCopyResult result = await _desk.CopyAsync();

        Assert.Equal((1, 4), (result.Copied, result.SourceCost.Requests));
        Assert.Equal(CopyDesk.Records(_desk.Source)["SENT#daily 2026-11-21"].Number(N.Fence), CopyDesk.Header(_desk.Target).Number(N.Fence));
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
        Assert.True((await _desk.To.ResolveAsync(Some.Date, new DeliveryResolution(DeliveryResolutionKind.MarkDelivered), Token)).IsRecorded);
    }

    [Fact]
    public async Task Items_of_a_day_that_was_deleted_at_the_source_and_is_half_deleted_at_the_target_stay_and_are_told()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await _desk.CopyAsync();
        await _desk.From.DeleteDayAsync(Some.Date, Token);
        CopyDesk.Put(_desk.Target, "HEADER", N.Status, new AttributeValue { S = "deleting" });

        foreach (int _ in Enumerable.Range(0, 2))
        {
            DigestCopyDay day = await _desk.CopyDayAsync();
            Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.DeletedAtSource, DeliveryStatus.Deleting), (day.Outcome, day.KeptBecause, day.Status));
        }

        Assert.Equal((DeleteDayOutcome.Deleted, 2), (await _desk.To.DeleteDayAsync(Some.Date, Token)) is var deleted ? (deleted.Outcome, deleted.ItemsDeleted) : default);
    }

    [Fact]
    public async Task A_header_of_the_target_that_has_expired_while_its_day_is_sent_keeps_its_lease()
    {
        DeliveryLease lease = await _desk.To.AcquireAsync(Some.Date, cancellationToken: Token);
        CopyDesk.Put(_desk.Target, "HEADER", N.ExpiresAt, new AttributeValue { N = "1000" });
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Held), (await _desk.CopyDayAsync()) is var day ? (day.Outcome, day.KeptBecause) : default);
        Assert.True((await _desk.To.RenewAsync(lease, cancellationToken: Token)).IsRecorded);
    }

    [Fact]
    public async Task Another_attempt_of_the_target_with_the_same_fence_is_kept()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Retry, "source"));
        await CopyDesk.DeliverAsync(_desk.To, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Uncertain, "target"));
        CopyDesk.Put(_desk.Target, "HEADER", N.Fence, new AttributeValue { N = CopyDesk.Header(_desk.Source).Number(N.Fence)!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) });

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.NewerAttempt), (day.Outcome, day.KeptBecause));
        Assert.Equal("uncertain: target", CopyDesk.Header(_desk.Target).Text(N.LastError));
    }

    [Fact]
    public async Task A_decision_at_the_target_is_kept_when_the_source_has_failed_again()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Uncertain, "first"));
        await _desk.CopyAsync();
        await _desk.To.ResolveAsync(Some.Date, new DeliveryResolution(DeliveryResolutionKind.Abandon), Token);
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2), new DeliveryFailedException(DeliveryFailureKind.Uncertain, "second"));

        foreach (int _ in Enumerable.Range(0, 2))
        {
            DigestCopyDay day = await _desk.CopyDayAsync();
            Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.Resolved, DeliveryStatus.Abandoned), (day.Outcome, day.KeptBecause, day.Status));
        }

        // The manifest has the fence of the second attempt by now, and can be settled all the same.
        Assert.True((await _desk.To.ResolveAsync(Some.Date, new DeliveryResolution(DeliveryResolutionKind.MarkDelivered), Token)).IsRecorded);
        Assert.Equal("delivered", CopyDesk.Records(_desk.Target)["SENT#daily 2026-11-21"].Text(N.State));
    }
}
