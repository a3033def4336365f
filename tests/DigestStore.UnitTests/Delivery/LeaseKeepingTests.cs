using DigestStore.Delivery;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Delivery;

/// <summary>How long a sender may send: renewals, the token of its delegate, and a delegate that does not heed it.</summary>
public sealed class LeaseKeepingTests
{
    private readonly DeliveryDesk _desk = new();

    [Fact]
    public async Task A_lease_is_renewed_at_a_third_while_its_holder_sends()
    {
        var denied = new List<DeliveryLeaseOutcome>();
        DeliveryResult result = await _desk.DeliverAsync(async (_, token) =>
        {
            for (int minute = 0; minute < 9; minute++)
            {
                await Task.Delay(TimeSpan.FromMinutes(1), _desk.Clock, token);
                denied.Add((await _desk.Repository.AcquireAsync(DeliveryDesk.Date, cancellationToken: token)).Outcome);
            }

            return new DeliveryReceipt();
        });

        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
        Assert.Equal(9, denied.Count);
        Assert.All(denied, static outcome => Assert.Equal(DeliveryLeaseOutcome.HeldByAnother, outcome));
        Assert.InRange(_desk.Table.Updates.Count(update => DeliveryDesk.StepOf(update) == DeliveryStep.Renew), 5, 6);
    }

    [Fact]
    public async Task The_token_fires_before_a_lease_that_cannot_be_renewed_is_lost()
    {
        _desk.Break(DeliveryStep.Renew);
        TimeSpan? firedAfter = null;

        DeliveryResult result = await _desk.DeliverAsync(async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _desk.Clock, token).ContinueWith(_ => firedAfter = _desk.Clock.Elapsed, TaskScheduler.Default);
            throw new OperationCanceledException(token);
        });

        // 5 minutes less the allowance of 30 seconds for the clocks of others.
        Assert.InRange(firedAfter!.Value, TimeSpan.FromMinutes(4.5) - TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(4.5) + TimeSpan.FromSeconds(1));
        Assert.Equal((DeliveryOutcome.Uncertain, true), (result.Outcome, result.IsStatusRecorded));
    }

    [Fact]
    public async Task The_token_fires_when_the_time_for_sending_is_over()
    {
        DeliveryResult result = await _desk.DeliverAsync(async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _desk.Clock, token);
            return new DeliveryReceipt();
        });

        Assert.InRange(_desk.Clock.Elapsed, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10.1));
        Assert.Equal(DeliveryOutcome.Uncertain, result.Outcome);
        Assert.IsAssignableFrom<OperationCanceledException>(result.Error);
        Assert.Equal(("uncertain: TaskCanceledException", 3), (_desk.Header.LastError, _desk.ManifestIds));
    }

    [Fact]
    public async Task A_delegate_that_does_not_heed_its_token_is_left_after_five_seconds()
    {
        var never = new TaskCompletionSource<DeliveryReceipt>();

        DeliveryResult result = await _desk.DeliverAsync((_, _) => never.Task, new DeliveryOptions { MaxSendDuration = TimeSpan.FromMinutes(1) });

        Assert.Equal(TimeSpan.FromSeconds(65), _desk.Clock.Elapsed);
        Assert.Equal(DeliveryOutcome.Uncertain, result.Outcome);
        Assert.IsType<TimeoutException>(result.Error);
        Assert.Equal(DeliveryStatus.Failed, _desk.Header.Status);
    }

    [Fact]
    public async Task A_delegate_that_blocks_its_thread_before_it_awaits_is_left_too()
    {
        using var never = new ManualResetEventSlim();
        Task<DeliveryResult> delivering = _desk.Repository.DeliverAsync(
            DeliveryDesk.Date,
            Some.Items(1),
            (_, _) =>
            {
                never.Wait(CancellationToken.None);
                return Task.FromResult(new DeliveryReceipt());
            },
            new DeliveryOptions { MaxSendDuration = TimeSpan.FromMinutes(1) });

        DeliveryResult result = await _desk.Clock.RunAsync(delivering);
        never.Set();

        Assert.Equal(DeliveryOutcome.Uncertain, result.Outcome);
    }

    [Fact]
    public async Task A_sender_that_is_taken_over_is_stopped()
    {
        DeliveryResult result = await _desk.DeliverAsync(async (attempt, token) =>
        {
            _desk.Apply(new AttributeChange.Set(AttributeNames.LeaseToken, "other"), new AttributeChange.Set(AttributeNames.LeaseOwner, "other"));
            await Task.Delay(Timeout.InfiniteTimeSpan, _desk.Clock, token);
            return new DeliveryReceipt();
        });

        Assert.Equal((DeliveryOutcome.Uncertain, "other", false), (result.Outcome, result.Owner, result.IsStatusRecorded));
        Assert.InRange(_desk.Clock.Elapsed, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task An_email_that_went_out_after_another_took_over_is_said_to_be_unrecorded()
    {
        DeliveryResult result = await _desk.DeliverAsync((_, _) =>
        {
            _desk.Apply(new AttributeChange.Set(AttributeNames.LeaseToken, "other"), new AttributeChange.Set(AttributeNames.LeaseOwner, "other"));
            return Task.FromResult(new DeliveryReceipt());
        });

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, "other", true), (result.Outcome, result.Owner, result.IsDeadLettered));
    }

    [Fact]
    public async Task A_caller_that_cancels_gets_the_result_of_a_delegate_that_heeds_it()
    {
        using var caller = new CancellationTokenSource();

        DigestStoreCanceledException thrown = await Assert.ThrowsAsync<DigestStoreCanceledException>(() => _desk.DeliverAsync(
            async (_, token) =>
            {
                await caller.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, _desk.Clock, token);
                return new DeliveryReceipt();
            },
            cancellationToken: caller.Token));

        Assert.Equal((DeliveryOutcome.Uncertain, true, true), (thrown.Delivery!.Outcome, thrown.Delivery.IsStatusRecorded, thrown.Delivery.AreItemsRecorded));
        Assert.Equal(caller.Token, thrown.CancellationToken);
        Assert.Equal((DeliveryStatus.Failed, "sending"), (_desk.Header.Status, _desk.ManifestState));
    }

    [Fact]
    public async Task A_receipt_counts_also_when_the_caller_has_canceled()
    {
        using var caller = new CancellationTokenSource();

        DeliveryResult result = await _desk.DeliverAsync(
            async (_, _) =>
            {
                await caller.CancelAsync();
                return new DeliveryReceipt();
            },
            cancellationToken: caller.Token);

        Assert.Equal((DeliveryOutcome.Delivered, DeliveryStatus.Delivered), (result.Outcome, _desk.Header.Status));
    }

    [Fact]
    public async Task After_a_cancellation_a_dead_table_holds_the_caller_for_two_seconds()
    {
        using var caller = new CancellationTokenSource();
        TimeSpan canceledAt = default;

        await Assert.ThrowsAsync<DigestStoreCanceledException>(() => _desk.DeliverAsync(
            async (_, token) =>
            {
                _desk.Break(Enum.GetValues<DeliveryStep>());
                canceledAt = _desk.Clock.Elapsed;
                await caller.CancelAsync();
                token.ThrowIfCancellationRequested();
                return new DeliveryReceipt();
            },
            cancellationToken: caller.Token));

        Assert.InRange(_desk.Clock.Elapsed - canceledAt, TimeSpan.Zero, TimeSpan.FromSeconds(2.1));
    }

    [Fact]
    public async Task A_delegate_that_goes_on_after_its_time_keeps_no_day()
    {
        DeliveryChange? late = null;
        var left = new TaskCompletionSource();
        DeliveryResult result = await _desk.DeliverAsync(
            async (attempt, token) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _desk.Clock, token).ContinueWith(static _ => { }, TaskScheduler.Default);
                late = await attempt.SaveCheckpointAsync("late", CancellationToken.None);
                left.SetResult();
                throw new IOException();
            },
            new DeliveryOptions { MaxSendDuration = TimeSpan.FromMinutes(7) });
        await left.Task;

        Assert.Equal((DeliveryOutcome.Uncertain, DeliveryChangeOutcome.Refused), (result.Outcome, late!.Outcome));
        Assert.Null(_desk.Header.Checkpoint);
    }

    [Fact]
    public async Task A_day_is_stuck_for_no_longer_than_the_time_for_sending_and_one_lease()
    {
        // The end of the first sender is never recorded.
        _desk.Break(DeliveryStep.Fail);
        await _desk.DeliverAsync(async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _desk.Clock, token);
            return new DeliveryReceipt();
        });
        var options = new DeliveryOptions();

        _desk.Clock.Advance(options.MaxSendDuration + options.LeaseDuration + options.ClockSkewAllowance - _desk.Clock.Elapsed + TimeSpan.FromMilliseconds(1));

        DeliveryLease next = await _desk.AcquireAsync();
        Assert.Equal((DeliveryLeaseOutcome.Granted, true), (next.Outcome, next.IsRepeat));
    }

    [Fact]
    public async Task A_delivery_canceled_while_the_table_does_not_answer_leaves_the_day_free_and_uncertain()
    {
        using var caller = new CancellationTokenSource();
        int acquisitions = 0;
        _desk.LoseAnswers(DeliveryStep.Acquire, times: 2);
        _desk.Table.OnUpdate = Chain(_desk.Table.OnUpdate, update =>
        {
            if (DeliveryDesk.StepOf(update) == DeliveryStep.Acquire && ++acquisitions == 2)
            {
                caller.Cancel();
            }
        });

        DigestStoreCanceledException thrown = await Assert.ThrowsAsync<DigestStoreCanceledException>(() => _desk.DeliverAsync(static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: caller.Token));

        Assert.Equal((DeliveryOutcome.Failed, false, DeliveryStatus.Failed), (thrown.Delivery!.Outcome, thrown.Delivery.WasAttempted, _desk.Header.Status));
        Assert.Empty(_desk.Attempts);
        DeliveryLease next = await _desk.AcquireAsync();
        Assert.Equal((DeliveryLeaseOutcome.Granted, true), (next.Outcome, next.IsRepeat));
    }

    [Fact]
    public void A_clock_counts_from_before_the_request_and_never_back()
    {
        var time = new Testing.VirtualTimeProvider();
        var clock = new LeaseClock(time, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30));
        Assert.True(clock.IsOver);

        time.Advance(TimeSpan.FromHours(1));
        long began = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(10));
        clock.Start(began);
        Assert.Equal(TimeSpan.FromSeconds(260), clock.Left);

        clock.Start(began - TimeSpan.TicksPerMinute);
        Assert.Equal(TimeSpan.FromSeconds(260), clock.Left);

        time.JumpWallClock(TimeSpan.FromHours(-3));
        Assert.Equal(TimeSpan.FromSeconds(260), clock.Left);
        time.Advance(TimeSpan.FromSeconds(260));
        Assert.True(clock.IsOver);
    }

    private static Func<RecordUpdate, UpdateReply?> Chain(Func<RecordUpdate, UpdateReply?> answer, Action<RecordUpdate> before) => update =>
    {
        before(update);
        return answer(update);
    };
}
