using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Delivery;

/// <summary>What operators decide, and what they are told.</summary>
public sealed class ResolveTests
{
    private readonly DeliveryDesk _desk = new();

    [Theory]
    [InlineData(DeliveryResolutionKind.Retry, "refused recorded recorded recorded refused refused refused")]
    [InlineData(DeliveryResolutionKind.MarkDelivered, "recorded recorded recorded recorded refused refused refused")]
    [InlineData(DeliveryResolutionKind.Abandon, "recorded recorded recorded recorded refused refused refused")]
    [InlineData(DeliveryResolutionKind.MarkUnsent, "refused recorded recorded recorded refused refused refused")]
    public async Task A_decision_must_fit_the_status(DeliveryResolutionKind kind, string expected)
    {
        // pending, sending (its lease is over), failed, abandoned, delivered, deleting, deleted
        DeliveryStatus[] statuses =
        [
            DeliveryStatus.Pending, DeliveryStatus.Sending, DeliveryStatus.Failed, DeliveryStatus.Abandoned, DeliveryStatus.Delivered, DeliveryStatus.Deleting, DeliveryStatus.Deleted,
        ];
        var outcomes = new List<string>();
        foreach (DeliveryStatus status in statuses)
        {
            _desk.Apply([.. HeaderStatus.Set(Some.Partition, status), new AttributeChange.Set(N.Version, 1), new AttributeChange.Remove(N.ResolveId)]);
            outcomes.Add((await ResolveAsync(kind)).Outcome.ToString().ToLowerInvariant());
        }

        Assert.Equal(expected, string.Join(' ', outcomes));
    }

    [Fact]
    public async Task A_day_whose_sender_was_killed_stays_uncertain_when_it_is_tried_again()
    {
        await _desk.AcquireAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(29));
        Assert.False((await _desk.StateAsync()).IsLeaseOverdue);
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await _desk.StateAsync()).IsLeaseOverdue);

        Assert.True((await ResolveAsync(DeliveryResolutionKind.Retry)).IsRecorded);

        Assert.Equal((DeliveryStatus.Failed, 0, DeliveryFailureKind.Uncertain), (_desk.Header.Status, _desk.Header.Attempts, (await _desk.StateAsync()).LastFailure!.Kind));
        Assert.True((await _desk.AcquireAsync()).IsRepeat);
    }

    [Fact]
    public async Task A_day_that_is_marked_as_delivered_settles_what_was_announced()
    {
        await _desk.DeliverAsync(new IOException());
        Assert.Equal("sending", _desk.ManifestState);

        Assert.True((await ResolveAsync(DeliveryResolutionKind.MarkDelivered)).IsRecorded);

        Assert.Equal(("delivered", 3, DeliveryStatus.Delivered), (_desk.ManifestState, _desk.ManifestIds, _desk.Header.Status));
    }

    [Fact]
    public async Task A_day_that_is_marked_as_unsent_is_sent_again_and_repeats_nothing()
    {
        await _desk.DeliverAsync(new IOException());
        Assert.True((await _desk.StateAsync()).LastFailure is { Kind: DeliveryFailureKind.Uncertain });

        Assert.True((await ResolveAsync(DeliveryResolutionKind.MarkUnsent)).IsRecorded);

        Assert.Equal(("unsent", 0, DeliveryStatus.Failed, 0, null), (_desk.ManifestState, _desk.ManifestIds, _desk.Header.Status, _desk.Header.Attempts, _desk.Header.MessageId));
        Assert.Empty((await SentAsync()).Sent);
        DeliveryResult result = await _desk.DeliverAsync(options: new DeliveryOptions { OnUncertain = UncertainAttempt.Skip });
        Assert.Equal((DeliveryOutcome.Delivered, false, 3), (result.Outcome, result.IsRepeat, (await SentAsync()).Sent.Count));
    }

    [Fact]
    public async Task The_links_of_attempts_before_the_one_that_is_marked_as_unsent_stay_and_nothing_is_repeated()
    {
        await _desk.DeliverAsync(new IOException(), items: 2);
        await _desk.DeliverAsync(new IOException(), items: 3);

        Assert.True((await ResolveAsync(DeliveryResolutionKind.MarkUnsent)).IsRecorded);

        Assert.Equal(2, (await SentAsync()).Sent.Count);
        await _desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Retry, "451"));
        Assert.False((await _desk.AcquireAsync()).IsRepeat);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_sender_may_be_sending_is_not_marked_as_unsent(bool force)
    {
        DeliveryLease lease = await _desk.AcquireAsync();
        await _desk.Repository.AnnounceAsync(lease, Some.Items(3));

        DeliveryChange change = await _desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.MarkUnsent) { Force = force });

        Assert.Equal((DeliveryChangeOutcome.Refused, 3), (change.Outcome, _desk.ManifestIds));
        _desk.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.True((await ResolveAsync(DeliveryResolutionKind.MarkUnsent)).IsRecorded);
    }

    // The sender was paused, and hands the message over all the same.
    [Fact]
    public async Task Links_that_were_marked_as_unsent_and_mailed_all_the_same_are_remembered()
    {
        DeliveryResult result = await _desk.DeliverAsync(async (_, _) =>
        {
            _desk.Apply(new AttributeChange.Remove(N.LeaseUntil));
            Assert.True((await _desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.MarkUnsent), CancellationToken.None)).IsRecorded);
            return new DeliveryReceipt();
        });

        Assert.Equal((DeliveryOutcome.Delivered, true), (result.Outcome, result.AreItemsRecorded));
        Assert.Equal((DeliveryStatus.Delivered, 3), (_desk.Header.Status, (await SentAsync()).Sent.Count));
    }

    [Fact]
    public async Task A_decision_whose_manifest_does_not_answer_can_be_made_again()
    {
        await _desk.DeliverAsync(new IOException());
        _desk.Break(DeliveryStep.Confirm);

        Assert.Equal(DeliveryChangeOutcome.NotRecorded, (await ResolveAsync(DeliveryResolutionKind.MarkUnsent)).Outcome);
        Assert.Equal((DeliveryStatus.Failed, 3), (_desk.Header.Status, _desk.ManifestIds));
        Assert.Equal(DeliveryChangeOutcome.NotRecorded, (await ResolveAsync(DeliveryResolutionKind.MarkDelivered)).Outcome);
        Assert.Equal((DeliveryStatus.Delivered, "sending"), (_desk.Header.Status, _desk.ManifestState));
        _desk.Mend();

        Assert.Equal(DeliveryChangeOutcome.Recorded, (await ResolveAsync(DeliveryResolutionKind.MarkDelivered)).Outcome);
        Assert.Equal((DeliveryStatus.Delivered, "delivered"), (_desk.Header.Status, _desk.ManifestState));
        Assert.Equal(DeliveryChangeOutcome.Refused, (await ResolveAsync(DeliveryResolutionKind.MarkDelivered)).Outcome);
    }

    // The lease of the sender had ended for the operator, and it was renewed late.
    [Fact]
    public async Task A_decision_that_a_sender_has_outrun_leaves_its_announcement_as_it_is()
    {
        await _desk.DeliverAsync(new IOException());
        _desk.On(DeliveryStep.Complete, () => _desk.Apply(new AttributeChange.Set(N.Status, "sending"), new AttributeChange.Set(N.LeaseUntil, _desk.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds())));

        Assert.Equal(DeliveryChangeOutcome.Refused, (await ResolveAsync(DeliveryResolutionKind.MarkDelivered)).Outcome);

        Assert.Equal((DeliveryStatus.Sending, "sending"), (_desk.Header.Status, _desk.ManifestState));
    }

    [Fact]
    public async Task A_day_that_lost_its_header_is_marked_with_all_that_was_announced()
    {
        await _desk.DeliverAsync(new IOException());
        _desk.Table.Storage.With(Some.Partition.Table, Some.Partition.Key, static records => records.Remove(RecordKeys.Header));

        Assert.True((await ResolveAsync(DeliveryResolutionKind.MarkDelivered)).IsRecorded);

        Assert.Equal(("delivered", 3), (_desk.ManifestState, _desk.ManifestIds));
        Assert.Empty((await SentAsync()).UnsettledDates);
    }

    [Fact]
    public void A_decision_that_is_none_is_refused_where_it_is_made()
    {
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(static () => new DeliveryResolution((DeliveryResolutionKind)9));

        Assert.StartsWith("9 is no decision. Take one of Retry, MarkDelivered, Abandon, MarkUnsent.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reason_of_an_end_is_kept()
    {
        await _desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.Abandon) { Reason = "no news\ntoday" });

        DeliveryState state = await _desk.StateAsync();
        Assert.Equal((DeliveryStatus.Abandoned, DeliveryFailureKind.Permanent, "no news today"), (state.Status, state.LastFailure!.Kind, state.LastFailure.Reason));
    }

    [Fact]
    public async Task A_decision_whose_answer_was_lost_is_recognised()
    {
        await _desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Permanent, "550"));
        _desk.LoseAnswers(DeliveryStep.Renew);

        Assert.Equal(DeliveryChangeOutcome.Recorded, (await ResolveAsync(DeliveryResolutionKind.Retry)).Outcome);
        Assert.Equal(DeliveryStatus.Failed, _desk.Header.Status);
    }

    [Fact]
    public async Task A_decision_about_a_day_that_changes_meanwhile_is_made_anew()
    {
        await _desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Permanent, "550"));
        int changes = 0;
        _desk.Table.OnUpdate = _ =>
        {
            if (changes++ == 0)
            {
                _desk.Apply([.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Delivered)]);
            }

            return null;
        };

        DeliveryChange change = await ResolveAsync(DeliveryResolutionKind.Retry);

        Assert.Equal((DeliveryChangeOutcome.Refused, DeliveryStatus.Delivered), (change.Outcome, change.Status));
    }

    [Fact]
    public async Task A_table_that_does_not_answer_is_no_refusal()
    {
        _desk.Table.OnLookup = static request => Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) });

        DeliveryChange change = await ResolveAsync(DeliveryResolutionKind.Abandon);

        Assert.Equal((DeliveryChangeOutcome.NotRecorded, DigestStoreErrorReason.AccessDenied), (change.Outcome, Assert.IsType<DigestStoreException>(change.Error).Reason));
    }

    [Fact]
    public async Task A_store_that_is_switched_off_records_no_decision()
    {
        var desk = new DeliveryDesk(static options => options.Enabled = false);

        DeliveryChange change = await desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.Abandon));

        Assert.Equal((DeliveryChangeOutcome.NotRecorded, DigestStoreErrorReason.Disabled), (change.Outcome, Assert.IsType<DigestStoreException>(change.Error).Reason));
        Assert.Equal(0, desk.Table.Requests);
    }

    private Task<SentLookup> SentAsync() => _desk.Clock.RunAsync(() => _desk.Repository.FindSentAsync(DeliveryDesk.Date.AddDays(1), [.. Some.Items(3).Select(static item => item.Url)], days: 1));

    private Task<DeliveryChange> ResolveAsync(DeliveryResolutionKind kind) => _desk.Clock.RunAsync(() => _desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(kind)));
}
