using DigestStore.DeadLetters;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Delivery;

/// <summary>The steps of a delivery one by one, when something comes between them.</summary>
public sealed class SingleStepTests
{
    private readonly DeliveryDesk _desk = new();

    [Theory]
    [InlineData(UncertainAttempt.Resend)]
    [InlineData(UncertainAttempt.Skip)]
    public async Task A_known_failure_of_a_day_that_was_deleted_and_stored_again_is_repeated_by_nobody(UncertainAttempt onUncertain)
    {
        await _desk.DeliverAsync();
        await DeleteAndStoreAsync();
        Assert.Equal(DeliveryOutcome.Failed, (await _desk.DeliverAsync(new DeliveryFailedException(DeliveryFailureKind.Retry, "451"))).Outcome);
        Assert.Equal("deleted", _desk.ManifestState);

        DeliveryResult result = await _desk.DeliverAsync(options: new DeliveryOptions { OnUncertain = onUncertain });

        Assert.Equal((DeliveryOutcome.Delivered, false), (result.Outcome, result.IsRepeat));
        Assert.Empty(_desk.Attempts[^1].PreviousItems);
    }

    // As on an engine that returns no record with a refusal, when the look-up of the record has no answer either.
    [Fact]
    public async Task A_refusal_without_a_record_is_no_outage()
    {
        await _desk.DeliverAsync();
        _desk.Table.OnUpdate = static _ => new UpdateReply { Fault = Some.Fault(FaultKind.ConditionFailed, 400) };
        _desk.Table.OnLookup = static request => Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) });

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.HeldByAnother, TimeSpan.FromMinutes(5.5), false), (result.Outcome, result.RetryAfter, result.WasAttempted));
        Assert.Single(_desk.Attempts);
    }

    [Fact]
    public async Task A_refusal_without_a_record_before_an_outage_is_no_outage_either()
    {
        int asked = 0;
        _desk.Table.OnUpdate = _ => new UpdateReply { Fault = asked++ == 0 ? Some.Fault(FaultKind.ConditionFailed, 400) : Some.Fault(FaultKind.AccessDenied, 400) };
        _desk.Table.OnLookup = static request => Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) });

        Assert.Equal(DeliveryLeaseOutcome.HeldByAnother, (await _desk.AcquireAsync()).Outcome);
    }

    [Fact]
    public async Task A_lease_that_was_announced_late_and_failed_takes_back_what_it_announced()
    {
        _desk.Break(DeliveryStep.Acquire);
        DeliveryLease lease = await _desk.AcquireAsync();
        _desk.Mend();
        Assert.Equal(DeliveryLeaseOutcome.Unprotected, lease.Outcome);
        Assert.True((await AnnounceAsync(lease)).IsRecorded);

        DeliveryChange change = await FailAsync(lease, DeliveryFailureKind.Retry);

        Assert.Equal((DeliveryChangeOutcome.Recorded, 0, DeliveryFailureKind.Retry), (change.Outcome, _desk.ManifestIds, (await _desk.StateAsync()).LastFailure!.Kind));
        Assert.False((await _desk.AcquireAsync()).IsRepeat);
    }

    [Fact]
    public async Task A_failure_without_a_lease_acquires_none()
    {
        _desk.Break(DeliveryStep.Acquire);
        DeliveryLease lease = await _desk.AcquireAsync();
        _desk.Mend();

        Assert.False((await FailAsync(lease, DeliveryFailureKind.Retry)).IsRecorded);
        Assert.Null(_desk.RawHeader);
    }

    [Fact]
    public async Task An_acquisition_that_is_canceled_after_it_was_granted_is_given_back()
    {
        using var canceled = new CancellationTokenSource();
        _desk.Table.OnQuery = _ =>
        {
            canceled.Cancel();
            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _desk.Clock.RunAsync(() => _desk.Repository.AcquireAsync(DeliveryDesk.Date, cancellationToken: canceled.Token)));

        Assert.Equal((DeliveryStatus.Failed, null), (_desk.Header.Status, _desk.Header.LeaseUntil));
        _desk.Table.OnQuery = static _ => null;
        DeliveryLease next = await _desk.AcquireAsync();
        Assert.Equal((DeliveryLeaseOutcome.Granted, false), (next.Outcome, next.IsRepeat));
    }

    [Fact]
    public async Task An_email_that_announced_nothing_makes_no_link_of_an_earlier_attempt_certain()
    {
        await _desk.DeliverAsync(new IOException());
        DeliveryLease lease = await _desk.AcquireAsync();

        Assert.True((await CompleteAsync(lease)).IsRecorded);

        SentLookup sent = await SentAsync();
        Assert.Equal(("delivered", 3, 0), (_desk.ManifestState, sent.Sent.Count, sent.UnsettledDates.Count));
        Assert.All(sent.Sent.Values, static url => Assert.False(url.IsCertain));
        Assert.Empty(_desk.Sink.Letters);
    }

    [Fact]
    public async Task A_letter_from_before_a_deletion_does_not_mark_the_day_that_was_stored_since()
    {
        _desk.Break(DeliveryStep.Acquire);
        await _desk.DeliverAsync();
        _desk.Mend();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.Clock.RunAsync(() => _desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(3)));
        await DeleteAndStoreAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));

        SettledDeadLetter replayed = await _desk.Clock.RunAsync(() => ((IReplayTarget)_desk.Repository).ReplayDeliveryAsync(Assert.Single(_desk.Sink.Letters), CancellationToken.None));

        Assert.Equal((DeadLetterFate.Superseded, DeliveryStatus.Pending, 3), (replayed.Fate, _desk.Header.Status, (await SentAsync()).Sent.Count));

        // What is sent after the deletion is recorded by its letter as ever.
        _desk.Break(DeliveryStep.Acquire);
        await _desk.DeliverAsync();
        _desk.Mend();
        replayed = await _desk.Clock.RunAsync(() => ((IReplayTarget)_desk.Repository).ReplayDeliveryAsync(_desk.Sink.Letters[^1], CancellationToken.None));
        Assert.Equal((DeadLetterFate.Stored, DeliveryStatus.Delivered), (replayed.Fate, _desk.Header.Status));
    }

    // The clock of whoever sent before was ahead, and the header with its fence is gone.
    [Fact]
    public async Task The_fence_of_a_header_that_was_lost_grows_beyond_that_of_the_manifest()
    {
        await _desk.DeliverAsync(new IOException());
        long ahead = _desk.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        _desk.RawManifest![N.Fence] = ItemMapper.Number(ahead);
        _desk.Table.Storage.With(Some.Partition.Table, Some.Partition.Key, static records => records.Remove(RecordKeys.Header));

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.Delivered, true, ahead + 1), (result.Outcome, result.IsRepeat, result.Fence));
        Assert.Equal((ahead + 1, "delivered"), (_desk.Header.Fence, _desk.ManifestState));
    }

    [Theory]
    [InlineData(DeliveryResolutionKind.Abandon, DeliveryChangeOutcome.Refused)]
    [InlineData(DeliveryResolutionKind.MarkDelivered, DeliveryChangeOutcome.TakenOver)]
    public async Task A_day_that_an_operator_has_ended_meanwhile_is_not_announced(DeliveryResolutionKind kind, DeliveryChangeOutcome expected)
    {
        _desk.LoseAnswers(DeliveryStep.Acquire, times: 3);
        DeliveryLease lease = await _desk.AcquireAsync();
        _desk.Mend();
        Assert.Equal(DeliveryLeaseOutcome.Unprotected, lease.Outcome);
        Assert.True((await _desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(kind) { Force = true })).IsRecorded);

        Assert.Equal(expected, (await AnnounceAsync(lease)).Outcome);
        Assert.Equal(expected, (await _desk.Clock.RunAsync(() => _desk.Repository.RenewAsync(lease))).Outcome);
        Assert.True((await CompleteAsync(lease)).IsRecorded);
    }

    [Fact]
    public async Task A_letter_of_a_sender_whose_header_has_expired_is_recorded()
    {
        _desk.Break(DeliveryStep.Complete);
        await _desk.DeliverAsync();
        _desk.Mend();
        _desk.Clock.Advance(TimeSpan.FromMinutes(6));
        _desk.Apply(new AttributeChange.Set(N.ExpiresAt, _desk.Clock.GetUtcNow().ToUnixTimeSeconds() - 1));

        SettledDeadLetter replayed = await _desk.Clock.RunAsync(() => ((IReplayTarget)_desk.Repository).ReplayDeliveryAsync(Assert.Single(_desk.Sink.Letters), CancellationToken.None));

        Assert.Equal((DeadLetterFate.Stored, DeliveryStatus.Delivered), (replayed.Fate, _desk.Header.Status));
    }

    [Fact]
    public async Task A_lease_made_anew_keeps_the_number_of_attempts_and_that_it_repeats_one()
    {
        await _desk.DeliverAsync(new IOException());
        _desk.Apply(new AttributeChange.Set(N.Attempts, 7));
        DeliveryLease lease = await _desk.AcquireAsync(new DeliveryOptions { MaxAttempts = 20 });
        Assert.Equal((true, 20), (lease.IsRepeat, lease.MaxAttempts));
        _desk.Apply(new AttributeChange.Set(N.LeaseToken, "other"), new AttributeChange.Remove(N.LeaseUntil), new AttributeChange.Set(N.Status, "failed"));

        Assert.True((await AnnounceAsync(Anew(lease) with { Outcome = DeliveryLeaseOutcome.Unprotected })).IsRecorded);

        await FailAsync(Anew(lease), DeliveryFailureKind.Retry);
        DeliveryState state = await _desk.StateAsync();
        Assert.Equal((DeliveryFailureKind.Uncertain, lease.MessageId), (state.LastFailure!.Kind, state.MessageId));
    }

    // Its holder had renewed it late, which is allowed as long as nobody has taken over.
    [Fact]
    public async Task A_last_attempt_that_was_renewed_meanwhile_is_not_given_up()
    {
        var options = new DeliveryOptions { MaxAttempts = 1 };
        DeliveryLease last = await _desk.AcquireAsync(options);
        _desk.Clock.Advance(TimeSpan.FromMinutes(6));
        bool isRenewed = false;
        _desk.Table.OnUpdate = update =>
        {
            if (!isRenewed && update.ValueOf(N.Status)?.Text == "abandoned")
            {
                isRenewed = true;
                _desk.Apply(new AttributeChange.Set(N.LeaseUntil, _desk.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds()));
            }

            return null;
        };

        DeliveryLease next = await _desk.AcquireAsync(options);

        Assert.Equal((true, DeliveryLeaseOutcome.HeldByAnother, DeliveryStatus.Sending), (isRenewed, next.Outcome, _desk.Header.Status));
        Assert.True((await CompleteAsync(last)).IsRecorded);
    }

    [Fact]
    public async Task A_kind_of_failure_that_nobody_knows_is_uncertain()
    {
        DeliveryResult result = await _desk.DeliverAsync(new DeliveryFailedException((DeliveryFailureKind)9, "?"));

        Assert.Equal((DeliveryOutcome.Uncertain, DeliveryStatus.Failed), (result.Outcome, _desk.Header.Status));
        Assert.Equal(DeliveryFailureKind.Uncertain, new DeliveryFailure((DeliveryFailureKind)9).Kind);
    }

    private static DeliveryLease Anew(DeliveryLease lease) => new()
    {
        Date = lease.Date,
        Outcome = lease.Outcome,
        Token = lease.Token,
        Fence = lease.Fence,
        MessageId = lease.MessageId,
        IsRepeat = lease.IsRepeat,
        MaxAttempts = lease.MaxAttempts,
        Duration = lease.Duration,
        ClockSkewAllowance = lease.ClockSkewAllowance,
    };

    private async Task DeleteAndStoreAsync()
    {
        Assert.Equal(DeleteDayOutcome.Deleted, (await _desk.Clock.RunAsync(() => _desk.Repository.DeleteDayAsync(DeliveryDesk.Date))).Outcome);
        (await _desk.Clock.RunAsync(() => _desk.Repository.StoreAsync(DeliveryDesk.Date, Some.Items(3)))).EnsureStored();
    }

    private Task<DeliveryChange> AnnounceAsync(DeliveryLease lease) => _desk.Clock.RunAsync(() => _desk.Repository.AnnounceAsync(lease, Some.Items(3)));

    private Task<DeliveryChange> FailAsync(DeliveryLease lease, DeliveryFailureKind kind) => _desk.Clock.RunAsync(() => _desk.Repository.FailAsync(lease, new DeliveryFailure(kind, "451")));

    private Task<DeliveryChange> CompleteAsync(DeliveryLease lease) => _desk.Clock.RunAsync(() => _desk.Repository.CompleteAsync(lease, new DeliveryReceipt()));

    private Task<SentLookup> SentAsync() => _desk.Clock.RunAsync(() => _desk.Repository.FindSentAsync(DeliveryDesk.Date.AddDays(1), [.. Some.Items(3).Select(static item => item.Url)], days: 1));
}
