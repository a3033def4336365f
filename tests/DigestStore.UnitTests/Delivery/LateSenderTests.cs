using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;
using Microsoft.Extensions.Logging;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Delivery;

/// <summary>Senders that were paused, and wake up when the day is no longer theirs; and fences that are behind.</summary>
public sealed class LateSenderTests
{
    private readonly DeliveryDesk _desk = new();

    [Fact]
    public async Task Links_that_were_marked_as_unsent_are_remembered_when_their_sender_does_not_know_its_end()
    {
        DeliveryResult result = await _desk.DeliverAsync(async (_, _) =>
        {
            await MarkUnsentAsync();
            throw new IOException();
        });

        Assert.Equal((DeliveryOutcome.Uncertain, false, true), (result.Outcome, result.IsStatusRecorded, result.AreItemsRecorded));
        Assert.Equal(("sending", 3), (_desk.ManifestState, await SentAsync()));
        Assert.True((await _desk.AcquireAsync()).IsRepeat);
    }

    [Fact]
    public async Task Links_that_were_marked_as_unsent_and_cannot_be_remembered_go_into_a_letter()
    {
        DeliveryResult result = await _desk.DeliverAsync(async (_, _) =>
        {
            await MarkUnsentAsync();
            _desk.Break(DeliveryStep.Announce);
            throw new IOException();
        });

        Assert.Equal((DeliveryOutcome.Uncertain, false, true), (result.Outcome, result.AreItemsRecorded, result.IsDeadLettered));
        Assert.True(Assert.Single(_desk.Sink.Letters).Delivery!.IsUncertain);
    }

    [Fact]
    public async Task Links_that_were_mailed_before_another_sender_announced_its_own_are_remembered()
    {
        DeliveryResult result = await _desk.DeliverAsync(async (_, _) =>
        {
            await MarkUnsentAsync();
            DeliveryLease other = await _desk.Repository.AcquireAsync(DeliveryDesk.Date, new DeliveryOptions { Owner = "other" }, CancellationToken.None);
            Assert.True((await _desk.Repository.AnnounceAsync(other, Some.Items(1, from: 100), CancellationToken.None)).IsRecorded);
            return new DeliveryReceipt();
        });

        Assert.Equal((DeliveryOutcome.DeliveredUnrecorded, "other"), (result.Outcome, result.Owner));
        Assert.Equal(3, await SentAsync());
    }

    // The clock of whoever sent before was ahead, and the header with its fence is gone.
    [Fact]
    public async Task An_email_goes_out_although_the_fence_cannot_be_raised_above_that_of_the_manifest()
    {
        await LoseHeaderAsync(_desk.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds());
        _desk.Break(DeliveryStep.Renew);

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.Delivered, DeliveryLeaseOutcome.Unprotected, true), (result.Outcome, result.LeaseOutcome, result.WasAttempted));
        Assert.Equal((DeliveryStatus.Delivered, 3), (_desk.Header.Status, await SentAsync()));
    }

    [Fact]
    public async Task A_fence_that_could_not_be_raised_is_raised_before_the_links_are_announced()
    {
        long ahead = _desk.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await LoseHeaderAsync(ahead);
        _desk.Break(DeliveryStep.Renew);
        _desk.Table.OnLookup = _ =>
        {
            _desk.Mend();
            return null;
        };

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.Delivered, DeliveryLeaseOutcome.Granted, ahead + 1), (result.Outcome, result.LeaseOutcome, result.Fence));
        Assert.Equal((ahead + 1, "delivered"), (_desk.Header.Fence, _desk.ManifestState));
    }

    [Fact]
    public async Task A_sender_that_another_one_has_replaced_sends_nothing_whatever_its_fence()
    {
        await LoseHeaderAsync(_desk.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds());
        _desk.Break(DeliveryStep.Renew);
        _desk.Table.OnLookup = _ =>
        {
            _desk.Apply(new AttributeChange.Set(N.LeaseToken, "other"));
            return null;
        };

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.HeldByAnother, false), (result.Outcome, result.WasAttempted));
    }

    [Fact]
    public async Task A_fence_that_nothing_can_exceed_holds_no_email_up()
    {
        await LoseHeaderAsync(long.MaxValue);

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.Delivered, DeliveryLeaseOutcome.Unprotected), (result.Outcome, result.LeaseOutcome));
        Assert.True(_desk.Header.Fence > 0);
    }

    // The sender before was paused, confirms its links now, and is killed.
    [Fact]
    public async Task A_day_whose_manifest_is_confirmed_before_the_announcement_gets_its_header_completed()
    {
        await _desk.DeliverAsync(new IOException());
        _desk.On(DeliveryStep.Announce, () => _desk.RawManifest![N.State] = ItemMapper.Text("delivered"));

        DeliveryResult result = await _desk.DeliverAsync();

        Assert.Equal((DeliveryOutcome.AlreadyDelivered, false, DeliveryStatus.Delivered), (result.Outcome, result.WasAttempted, _desk.Header.Status));
    }

    [Fact]
    public async Task A_lease_that_was_granted_without_an_answer_at_the_end_of_a_wait_is_used()
    {
        await _desk.AcquireAsync();
        EndHolderAndLoseAnswers();

        DeliveryLease lease = await _desk.AcquireAsync(new DeliveryOptions { WaitForHolder = TimeSpan.FromSeconds(6) });

        Assert.Equal((DeliveryLeaseOutcome.Granted, _desk.Header.LeaseToken), (lease.Outcome, lease.Token));
        Assert.True((await _desk.Clock.RunAsync(() => _desk.Repository.CompleteAsync(lease, new DeliveryReceipt()))).IsRecorded);
    }

    [Fact]
    public async Task A_lease_of_which_nobody_knows_at_the_end_of_a_wait_is_given_back()
    {
        await _desk.AcquireAsync();
        EndHolderAndLoseAnswers();
        _desk.Table.OnLookup = static request => Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) });

        DeliveryLease lease = await _desk.AcquireAsync(new DeliveryOptions { WaitForHolder = TimeSpan.FromSeconds(6) });

        Assert.Equal((DeliveryLeaseOutcome.HeldByAnother, DeliveryStatus.Failed, null), (lease.Outcome, _desk.Header.Status, _desk.Header.LeaseUntil));
    }

    [Fact]
    public async Task A_failure_that_is_canceled_while_a_lease_is_given_back_has_two_seconds()
    {
        using var caller = new CancellationTokenSource();
        _desk.Break(DeliveryStep.Acquire);
        DeliveryLease lease = await _desk.AcquireAsync();
        _desk.Silence(DeliveryStep.Fail);
        TimeSpan began = _desk.Clock.Elapsed;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _desk.Clock.RunAsync(async () =>
        {
            Task canceling = CancelSoonAsync(caller);
            DeliveryChange change = await _desk.Repository.FailAsync(lease, new DeliveryFailure(DeliveryFailureKind.Retry, "451"), caller.Token);
            await canceling;
            return change;
        }));

        Assert.InRange(_desk.Clock.Elapsed - began, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.1));
    }

    [Fact]
    public async Task A_store_that_is_switched_off_is_asked_nothing_when_an_acquisition_is_canceled()
    {
        var desk = new DeliveryDesk(static options => options.Enabled = false);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => desk.Clock.RunAsync(() => desk.Repository.AcquireAsync(DeliveryDesk.Date, cancellationToken: new CancellationToken(canceled: true))));

        Assert.Equal(0, desk.Table.Requests);
    }

    // Between the last look at the token and the return.
    [Fact]
    public async Task A_cancellation_that_comes_after_the_acquisition_leaves_the_caller_its_lease()
    {
        using var caller = new CancellationTokenSource();
        using var logger = new CancelingLogger(caller);
        using var repository = new InMemoryDigestRepository(services: new DigestStoreServices { LoggerFactory = logger });

        DeliveryLease lease = await repository.AcquireAsync(DeliveryDesk.Date, cancellationToken: caller.Token);

        Assert.Equal((true, DeliveryLeaseOutcome.Granted), (caller.IsCancellationRequested, lease.Outcome));
    }

    // The header is lost, and a sender takes the day while the operator decides.
    [Fact]
    public async Task What_a_sender_announces_meanwhile_is_not_marked_as_delivered()
    {
        await LoseHeaderAsync(_desk.Clock.GetUtcNow().AddSeconds(-1).ToUnixTimeMilliseconds());
        DeliveryLease? other = null;
        _desk.On(DeliveryStep.Complete, () =>
        {
            if (other is null)
            {
                other = _desk.Repository.AcquireAsync(DeliveryDesk.Date).Result;
                Assert.True(_desk.Repository.AnnounceAsync(other, Some.Items(3)).Result.IsRecorded);
            }
        });

        DeliveryChange change = await _desk.Clock.RunAsync(() => _desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.MarkDelivered)));

        Assert.Equal((DeliveryChangeOutcome.Refused, "sending", DeliveryStatus.Sending), (change.Outcome, _desk.ManifestState, _desk.Header.Status));
    }

    private async Task LoseHeaderAsync(long manifestFence)
    {
        await _desk.DeliverAsync(new IOException());
        _desk.RawManifest![N.Fence] = ItemMapper.Number(manifestFence);
        _desk.Table.Storage.With(Some.Partition.Table, Some.Partition.Key, static records => records.Remove(RecordKeys.Header));
        _desk.Attempts.Clear();
    }

    // The lease of the sender, which was paused, is over.
    private async Task MarkUnsentAsync()
    {
        _desk.Apply(new AttributeChange.Remove(N.LeaseUntil));
        Assert.True((await _desk.Repository.ResolveAsync(DeliveryDesk.Date, new DeliveryResolution(DeliveryResolutionKind.MarkUnsent))).IsRecorded);
    }

    // The holder is seen once. Then it ends, and the next acquisition is applied without an answer.
    private void EndHolderAndLoseAnswers()
    {
        bool isSeen = false;
        _desk.On(DeliveryStep.Acquire, () =>
        {
            if (!isSeen)
            {
                isSeen = true;
                _ = EndHolderAsync();
            }
        });

        async Task EndHolderAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(2), _desk.Clock, CancellationToken.None);
            _desk.Apply([.. HeaderStatus.Set(Some.Partition, DeliveryStatus.Failed), new AttributeChange.Remove(N.LeaseUntil)]);
            _desk.LoseAnswers(DeliveryStep.Acquire, times: 100);
        }
    }

    private async Task CancelSoonAsync(CancellationTokenSource caller)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100), _desk.Clock, CancellationToken.None);
        await caller.CancelAsync();
    }

    private async Task<int> SentAsync() =>
        (await _desk.Clock.RunAsync(() => _desk.Repository.FindSentAsync(DeliveryDesk.Date.AddDays(1), [.. Some.Items(3).Select(static item => item.Url)], days: 1))).Sent.Count;

    // Cancels when the end of a step is logged.
    private sealed class CancelingLogger(CancellationTokenSource caller) : ILoggerFactory, ILogger
    {
        private const int StepDone = 610;

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == StepDone)
            {
                caller.Cancel();
            }
        }

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
