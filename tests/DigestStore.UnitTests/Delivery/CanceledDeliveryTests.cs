using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Delivery;

/// <summary>A caller that cancels while the end is being recorded, while it waits for a holder, or after the end.</summary>
public sealed class CanceledDeliveryTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _caller = new();
    private readonly DeliveryDesk _desk = new();

    [Fact]
    public async Task A_cancellation_while_the_end_is_being_recorded_leaves_it_two_seconds()
    {
        TimeSpan began = default;

        DeliveryResult result = await _desk.DeliverAsync(
            (_, _) =>
            {
                _desk.Silence(Enum.GetValues<DeliveryStep>());
                (began, _) = (_desk.Clock.Elapsed, CancelSoonAsync(_desk));
                return Task.FromResult(new DeliveryReceipt());
            },
            cancellationToken: _caller.Token);

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, true), (result.Outcome, result.IsDeadLettered));
        Assert.True(_caller.IsCancellationRequested);
        Assert.InRange(_desk.Clock.Elapsed - began, Soon, Soon + TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sink_that_does_not_end_has_no_time_of_its_own_after_a_cancellation(bool isCanceledBefore)
    {
        var desk = new DeliveryDesk(sink: new EndlessSink());
        TimeSpan began = default;

        DeliveryResult result = await desk.DeliverAsync(
            async (_, _) =>
            {
                desk.Silence(Enum.GetValues<DeliveryStep>());
                began = desk.Clock.Elapsed;
                Task canceling = isCanceledBefore ? _caller.CancelAsync() : CancelSoonAsync(desk);
                await (isCanceledBefore ? canceling : Task.CompletedTask);
                return new DeliveryReceipt();
            },
            cancellationToken: _caller.Token);

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, false), (result.Outcome, result.IsDeadLettered));
        Assert.InRange(desk.Clock.Elapsed - began, TimeSpan.FromSeconds(1), Soon + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_cancellation_while_a_day_is_given_back_leaves_that_two_seconds()
    {
        TimeSpan began = default;
        TimerWatch? watch = null;
        var sendTime = TimeSpan.FromMinutes(7.7);
        var desk = new DeliveryDesk(watch: clock => watch = new TimerWatch(clock, sendTime));
        watch!.Begun = () =>
        {
            // The lease ends directly before the delegate is called.
            desk.Clock.JumpWallClock(TimeSpan.FromMinutes(4.6));
            desk.Silence(Enum.GetValues<DeliveryStep>());
            (began, _) = (desk.Clock.Elapsed, CancelSoonAsync(desk));
        };

        DigestStoreCanceledException thrown = await Assert.ThrowsAsync<DigestStoreCanceledException>(() => desk.DeliverAsync(
            static (_, _) => Task.FromResult(new DeliveryReceipt()), new DeliveryOptions { MaxSendDuration = sendTime }, cancellationToken: _caller.Token));

        Assert.Equal((DeliveryOutcome.Failed, false, false), (thrown.Delivery!.Outcome, thrown.Delivery.WasAttempted, thrown.Delivery.IsStatusRecorded));
        Assert.InRange(desk.Clock.Elapsed - began, Soon, Soon + TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(UncertainAttempt.Skip, DeliveryOutcome.Skipped, DeliveryStatus.Abandoned)]
    [InlineData(UncertainAttempt.Throw, DeliveryOutcome.Uncertain, DeliveryStatus.Failed)]
    public async Task A_repeat_that_is_not_wanted_is_recorded_although_the_caller_cancels(UncertainAttempt onUncertain, DeliveryOutcome outcome, DeliveryStatus status)
    {
        await _desk.DeliverAsync(new IOException());
        _desk.On(DeliveryStep.Fail, _caller.Cancel);

        DigestStoreCanceledException thrown = await Assert.ThrowsAsync<DigestStoreCanceledException>(() => _desk.DeliverAsync(
            static (_, _) => Task.FromResult(new DeliveryReceipt()), new DeliveryOptions { OnUncertain = onUncertain }, cancellationToken: _caller.Token));

        Assert.Equal((outcome, true), (thrown.Delivery!.Outcome, thrown.Delivery.IsStatusRecorded));
        Assert.Equal((status, null), (_desk.Header.Status, _desk.Header.LeaseUntil));
    }

    [Fact]
    public async Task A_caller_that_cancels_while_it_waits_for_a_holder_is_told_of_the_holder()
    {
        await _desk.AcquireAsync(new DeliveryOptions { Owner = "holder" });

        DigestStoreCanceledException thrown = await Assert.ThrowsAsync<DigestStoreCanceledException>(() => _desk.Clock.RunAsync(() =>
        {
            _ = CancelSoonAsync(_desk);
            return _desk.Repository.DeliverAsync(
                DeliveryDesk.Date, Some.Items(1), static (_, _) => Task.FromResult(new DeliveryReceipt()), new DeliveryOptions { WaitForHolder = TimeSpan.FromMinutes(1) }, _caller.Token);
        }));

        Assert.Equal(
            (DeliveryOutcome.HeldByAnother, DeliveryLeaseOutcome.HeldByAnother, "holder"), (thrown.Delivery!.Outcome, thrown.Delivery.LeaseOutcome, thrown.Delivery.Owner));
        Assert.Equal(2, _desk.Table.Updates.Count);
    }

    [Fact]
    public async Task A_caller_that_cancels_while_a_waiting_sender_asks_again_keeps_no_day()
    {
        DeliveryLease holder = await _desk.AcquireAsync(new DeliveryOptions { Owner = "holder" });
        int acquisitions = 0;
        Func<RecordUpdate, UpdateReply?> answer = _desk.Table.OnUpdate;
        _desk.Table.OnUpdate = update =>
        {
            // The holder has failed meanwhile, so the second request is granted, and its answer is lost.
            if (DeliveryDesk.StepOf(update) == DeliveryStep.Acquire && ++acquisitions == 2)
            {
                _desk.Apply([.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Failed), new AttributeChange.Remove(AttributeNames.LeaseUntil)]);
                _desk.LoseAnswers(DeliveryStep.Acquire);
                _caller.Cancel();
            }

            return answer(update);
        };

        await Assert.ThrowsAsync<DigestStoreCanceledException>(() => _desk.DeliverAsync(
            static (_, _) => Task.FromResult(new DeliveryReceipt()), new DeliveryOptions { WaitForHolder = TimeSpan.FromMinutes(1) }, cancellationToken: _caller.Token));

        Assert.NotEqual(holder.Token, _desk.Header.LeaseToken);
        Assert.Equal((DeliveryStatus.Failed, null), (_desk.Header.Status, _desk.Header.LeaseUntil));
    }

    [Fact]
    public async Task A_caller_that_cancels_after_the_delegate_has_ended_reaches_no_token_that_is_being_disposed_of()
    {
        TimerWatch? watch = null;
        var sendTime = TimeSpan.FromMinutes(7.7);
        var desk = new DeliveryDesk(watch: clock => watch = new TimerWatch(clock, sendTime));
        watch!.Disposing = _caller.Cancel;
        CancellationToken stopped = default;

        DeliveryResult result = await desk.DeliverAsync(
            (_, token) =>
            {
                stopped = token;
                return Task.FromResult(new DeliveryReceipt());
            },
            new DeliveryOptions { MaxSendDuration = sendTime },
            cancellationToken: _caller.Token);

        Assert.Equal((DeliveryOutcome.Delivered, true, false), (result.Outcome, _caller.IsCancellationRequested, stopped.IsCancellationRequested));
    }

    [Fact]
    public async Task A_checkpoint_after_the_end_records_nothing_and_says_so()
    {
        await _desk.DeliverAsync();
        int updates = _desk.Table.Updates.Count;

        DeliveryChange late = await Assert.Single(_desk.Attempts).SaveCheckpointAsync("late");

        Assert.Equal((DeliveryChangeOutcome.Refused, updates), (late.Outcome, _desk.Table.Updates.Count));
    }

    [Fact]
    public async Task A_checkpoint_that_the_delegate_did_not_wait_for_ends_by_itself()
    {
        _desk.Break(DeliveryStep.Renew);
        Task<DeliveryChange>[] checkpoints = [];

        DeliveryChange[] changes = await _desk.Clock.RunAsync(async () =>
        {
            DeliveryResult result = await _desk.Repository.DeliverAsync(DeliveryDesk.Date, Some.Items(1), (attempt, _) =>
            {
                checkpoints = [attempt.SaveCheckpointAsync("one", CancellationToken.None), attempt.SaveCheckpointAsync("two", CancellationToken.None)];
                return Task.FromResult(new DeliveryReceipt());
            });
            Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
            return await Task.WhenAll(checkpoints);
        });

        Assert.Equal([DeliveryChangeOutcome.NotRecorded, DeliveryChangeOutcome.Refused], changes.Select(static change => change.Outcome));
    }

    [Fact]
    public async Task A_renewal_that_the_delegate_did_not_wait_for_stops_nobody_any_more()
    {
        Task<DeliveryChange>? checkpoint = null;
        using var isUnderWay = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        _desk.On(DeliveryStep.Renew, () =>
        {
            isUnderWay.Set();
            mayGoOn.Wait(TimeSpan.FromSeconds(30));
        });

        DeliveryResult result = await _desk.Repository.DeliverAsync(DeliveryDesk.Date, Some.Items(1), (attempt, _) =>
        {
            checkpoint = Task.Run(() => attempt.SaveCheckpointAsync("half", CancellationToken.None), CancellationToken.None);
            isUnderWay.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            return Task.FromResult(new DeliveryReceipt());
        });
        mayGoOn.Set();

        // The day is delivered by now, so the renewal is refused, and the source of the token that it would cancel is disposed of.
        Assert.Equal((DeliveryOutcome.Delivered, DeliveryChangeOutcome.Refused), (result.Outcome, (await checkpoint!).Outcome));
    }

    public void Dispose() => _caller.Dispose();

    private async Task CancelSoonAsync(DeliveryDesk desk)
    {
        await Task.Delay(Soon, desk.Clock, CancellationToken.None);
        await _caller.CancelAsync();
    }

    private sealed class EndlessSink : IDeadLetterSink
    {
        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default) => new TaskCompletionSource().Task;
    }
}
