namespace DigestStore.Delivery;

// Renews a lease while its holder sends, and stops the holder before the lease could be lost.
internal sealed class LeaseKeeper(DeliveryContext context, LeaseSteps leases, DeliveryLease lease, LeaseClock clock, CancellationTokenSource stop, TimeSpan maxDuration) : IDisposable
{
    private const int RenewalsPerLease = 3;

    // Renewals are made one after the other, because a checkpoint is recorded by one too.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly long _began = context.Time.GetTimestamp();

    private TimeSpan SendTimeLeft => maxDuration - context.Time.GetElapsedTime(_began);

    // Renews until the token fires or the time for sending is over. After a renewal without an answer it tries again sooner.
    public async Task RunAsync(CancellationToken ended)
    {
        Arm();
        TimeSpan interval = lease.Duration / RenewalsPerLease;
        TimeSpan wait = interval;

        // The loop ends, because every round takes time, and the time for sending is over at last.
        while (wait < SendTimeLeft && !ended.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            await Task.Delay(wait, context.Time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
            {
                return;
            }

            DeliveryChange change = await RenewAsync(checkpoint: null, ended).ConfigureAwait(false);
            wait = change.IsRecorded ? interval : interval / RenewalsPerLease;
        }
    }

    public async Task<DeliveryChange> RenewAsync(string? checkpoint, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A delegate that does not heed its token must not keep the day for ever.
            if (SendTimeLeft <= TimeSpan.Zero)
            {
                return new DeliveryChange { Outcome = DeliveryChangeOutcome.Refused };
            }

            (DeliveryChange change, long? beganAt) = await leases.RenewAsync(lease, checkpoint, cancellationToken).ConfigureAwait(false);
            if (beganAt is { } began)
            {
                clock.Start(began);
                Arm();
            }
            else if (change.Outcome is DeliveryChangeOutcome.TakenOver or DeliveryChangeOutcome.Refused)
            {
                // Another sender may be sending by now, or an operator has ended the attempt.
                await stop.CancelAsync().ConfigureAwait(false);
            }

            return change;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // The holder is stopped when the time for sending is over, or before the lease ends, whichever is first.
    private void Arm()
    {
        TimeSpan left = SendTimeLeft < clock.Left ? SendTimeLeft : clock.Left;
        stop.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }
}
