namespace DigestStore.Delivery;

// Renews a lease while its holder sends, and stops the holder before the lease could be lost.
internal sealed class LeaseKeeper(DeliveryContext context, LeaseSteps leases, DeliveryLease lease, LeaseClock clock, CancellationTokenSource stop, TimeSpan maxDuration)
{
    private const int RenewalsPerLease = 3;

    // Renewals are made one after the other, because a checkpoint is recorded by one too.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly long _began = context.Time.GetTimestamp();
    private readonly Lock _lock = new();
    private bool _hasEnded;

    private TimeSpan SendTimeLeft => maxDuration - context.Time.GetElapsedTime(_began);

    // Renews until the token fires or the time for sending is over. After a renewal without an answer it tries again sooner.
    public async Task RunAsync(CancellationToken ended)
    {
        Arm();
        TimeSpan interval = lease.Duration / RenewalsPerLease;

        // Steps without an answer may have used up much of the lease already.
        TimeSpan wait = clock.Left / 2 is var half && half < interval ? half : interval;

        // The loop ends, because every round takes time, and the time for sending is over at last.
        while (wait >= TimeSpan.Zero && wait < SendTimeLeft && !ended.IsCancellationRequested && !stop.IsCancellationRequested)
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
            // A delegate that does not heed its token must not keep the day for ever, and the end of another one may be recorded already.
            if (_hasEnded || SendTimeLeft <= TimeSpan.Zero)
            {
                return new DeliveryChange { Outcome = DeliveryChangeOutcome.Refused };
            }

            clock.Ask();
            (DeliveryChange change, long? beganAt) = await leases.RenewAsync(lease, checkpoint, cancellationToken).ConfigureAwait(false);
            if (beganAt is { } began)
            {
                clock.Start(began);
                Arm();
            }
            else if (change.Outcome is DeliveryChangeOutcome.TakenOver or DeliveryChangeOutcome.Refused)
            {
                // Another sender may be sending by now, or an operator has ended the attempt.
                await CancelAsync().ConfigureAwait(false);
            }

            return change;
        }
        finally
        {
            _turn.Release();
        }
    }

    // The delegate has ended, or is left to itself. From now on nothing is renewed, and the token is left alone: its source may be disposed of. A
    // renewal that is under way ends by itself.
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
        }
    }

    private Task CancelAsync()
    {
        lock (_lock)
        {
            return _hasEnded ? Task.CompletedTask : stop.CancelAsync();
        }
    }

    // The holder is stopped when the time for sending is over, or before the lease ends, whichever is first.
    private void Arm()
    {
        TimeSpan left = SendTimeLeft < clock.Left ? SendTimeLeft : clock.Left;
        lock (_lock)
        {
            if (!_hasEnded)
            {
                stop.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
        }
    }
}
