namespace DigestStore.Delivery;

// Acquires a lease, waits for a holder if that is wanted, and reads what earlier attempts announced.
internal sealed class LeaseOpening(DeliveryContext context, LeaseSteps leases)
{
    // A holder may end long before its lease, so it is not only asked for when that ends.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Task.Delay cuts fractions of a millisecond off, and would not wait at all.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    public async Task<DeliveryLease> AcquireAsync(DeliveryOptions options, CancellationToken cancellationToken)
    {
        LeaseRequest request = LeaseRequest.Of(options, context.Partition);
        var clock = new LeaseClock(context.Time, options.LeaseDuration, options.ClockSkewAllowance);
        long began = context.Time.GetTimestamp();
        long? heldUntil = null;
        DeliveryLease lease = context.IsDisabled ? leases.Disabled(request) : await leases.AcquireAsync(request, cancellationToken).ConfigureAwait(false);

        // The last acquisition, if it had no answer.
        DeliveryLease? unanswered = null;

        // The loop ends, because every round takes time, and WaitForHolder is over at last.
        while (lease is { Outcome: DeliveryLeaseOutcome.HeldByAnother, RetryAfter: { } retryAfter } &&
            options.WaitForHolder - context.Time.GetElapsedTime(began) is var left && left >= ShortestWait &&
            !cancellationToken.IsCancellationRequested)
        {
            heldUntil ??= context.Time.GetTimestamp() + (long)(retryAfter.TotalSeconds * context.Time.TimestampFrequency);
            await Task.Delay(Min(left, Min(retryAfter, PollInterval)), context.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            clock.Ask();
            DeliveryLease next = await leases.AcquireAsync(request, cancellationToken).ConfigureAwait(false);

            // A table that does not answer says nothing about the holder, which was seen a moment ago and is probably sending. After a
            // cancellation nobody asks again, so what may have been granted has to be given back.
            bool isStillHeld = next.Outcome == DeliveryLeaseOutcome.Unprotected && context.Time.GetTimestamp() < heldUntil && !cancellationToken.IsCancellationRequested;
            heldUntil = isStillHeld ? heldUntil : null;
            lease = isStillHeld ? lease : next;
            unanswered = isStillHeld ? next : null;
        }

        lease = unanswered is null ? lease : await SettleAsync(unanswered, lease, clock, cancellationToken).ConfigureAwait(false);
        lease = lease with { Options = options };
        context.Call.Acquired(lease);
        if (lease.Outcome != DeliveryLeaseOutcome.Granted)
        {
            return lease;
        }

        clock.Start(lease.BeganAt);
        context.Lease = clock;
        return (await new LeaseHistory(context, leases).ReadAsync(lease, cancellationToken).ConfigureAwait(false)).Lease;
    }

    // The wait is over, and the acquisition that had no answer may have been applied, as the holder has ended meanwhile. Then the day would be held for
    // a whole lease by a sender that does not know it.
    private async Task<DeliveryLease> SettleAsync(DeliveryLease unanswered, DeliveryLease held, LeaseClock clock, CancellationToken cancellationToken)
    {
        clock.Ask();
        (bool? isOwn, DeliveryLease found) = await leases.LookAsync(unanswered, cancellationToken).ConfigureAwait(false);
        if (isOwn == true)
        {
            return found;
        }

        if (isOwn is null)
        {
            // Given back by its token, which changes nothing if another sender has the day. The end of the holder before may not be known.
            using CancellationTokenRegistration late = context.BeginLateStepsWith(cancellationToken);
            var failure = new DeliveryFailure(DeliveryFailureKind.Uncertain, "The wait for another sender was over before the table answered.");
            await leases.FailAsync(unanswered, DeliveryStatus.Failed, failure, keepsMessageId: true, CancellationToken.None).ConfigureAwait(false);
        }

        return held;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
