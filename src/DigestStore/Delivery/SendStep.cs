using DigestStore.Calls;

namespace DigestStore.Delivery;

// How the delegate ended: with a receipt, or with a failure and what it threw. With neither, it was not called.
internal sealed record SendEnd(DeliveryReceipt? Receipt, DeliveryFailure? Failure, Exception? Error);

// Calls the delegate that sends, keeps its lease meanwhile, and says what is known about its end.
internal sealed class SendStep(DeliveryContext context, LeaseSteps leases)
{
    // How long a delegate is waited for after its token has fired. Then it is left to itself.
    private static readonly TimeSpan TimeToHeed = TimeSpan.FromSeconds(5);

    public async Task<SendEnd> RunAsync(
        DeliveryLease lease, DeliveryOptions options, Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>> send, CancellationToken cancellationToken)
    {
        // The source is linked by hand, because only a source with a clock of its own can be armed anew.
        var stop = new CancellationTokenSource(options.MaxSendDuration, context.Time);
        CancellationToken stopped = stop.Token;
        CancellationTokenRegistration byCaller = cancellationToken.UnsafeRegister(static source => _ = ((CancellationTokenSource)source!).CancelAsync(), stop);
        using var ended = new CancellationTokenSource();

        // From here on, the keeper of the lease says how long a step may take.
        LeaseClock? clock = lease.Outcome == DeliveryLeaseOutcome.Granted ? context.Lease : null;
        context.Lease = null;
        LeaseKeeper? keeper = clock is null ? null : new LeaseKeeper(context, leases, lease, clock, stop, options.MaxSendDuration);
        var attempt = new DeliveryAttempt
        {
            Date = lease.Date,
            MessageId = lease.MessageId,
            Number = lease.Attempt,
            Fence = lease.Fence,
            IsRepeat = lease.IsRepeat,
            IsProtected = keeper is not null,
            PreviousItems = lease.PreviousItems,
            PreviousCheckpoint = lease.PreviousCheckpoint,
            Save = keeper is not null ? keeper.RenewAsync : (_, _) => Task.FromResult(LeaseSteps.Unheld(lease)),
        };
        Task renewing = keeper?.RunAsync(ended.Token) ?? Task.CompletedTask;
        bool isDecided = false;
        Task<DeliveryReceipt> sending = Task.Run(() => MaySend() ? send(attempt, stopped) : Task.FromResult(new DeliveryReceipt()), CancellationToken.None);
        Task ending = sending;
        await ending.WaitAsync(Timeout.InfiniteTimeSpan, context.Time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!sending.IsCompleted)
        {
            await ending.WaitAsync(TimeToHeed, context.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        keeper?.End();
        await ended.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        SendEnd end = Interlocked.Exchange(ref isDecided, true) ? await EndOfAsync(sending).ConfigureAwait(false) : new SendEnd(null, null, null);

        // The caller may cancel at any moment, so its registration goes before what it cancels.
        await byCaller.DisposeAsync().ConfigureAwait(false);
        if (sending.IsCompleted)
        {
            stop.Dispose();
        }

        return end;

        // The last look at the lease, on the thread that sends: until it came to run, the process may have been paused, or the pool busy.
        // Whoever decides first does so for good: here that the delegate is called, and above that it never will be.
        bool MaySend() => !stopped.IsCancellationRequested && clock is not { IsOver: true } && !Interlocked.Exchange(ref isDecided, true);
    }

    private async Task<SendEnd> EndOfAsync(Task<DeliveryReceipt> sending)
    {
        if (!sending.IsCompleted)
        {
            AbandonedTasks.Observe(sending);
            context.Telemetry.Log.SenderLeft(context.Partition, context.Call.Names.CorrelationId);
            var error = new TimeoutException("The delegate that sends has not ended within 5 seconds after its token had fired. Pass the token on to whatever it waits for.");
            return new SendEnd(null, new DeliveryFailure(DeliveryFailureKind.Uncertain, "The delegate did not heed its token."), error);
        }

        try
        {
            return new SendEnd(await sending.ConfigureAwait(false) ?? new DeliveryReceipt(), null, null);
        }
        catch (DeliveryFailedException failed)
        {
            return new SendEnd(null, new DeliveryFailure(failed.Kind, failed.Message), failed);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // Its text may repeat what was sent, so only its type is kept.
            return new SendEnd(null, new DeliveryFailure(DeliveryFailureKind.Uncertain, exception.GetType().Name), exception);
        }
    }
}
