using DigestStore.Manifests;

namespace DigestStore.Delivery;

// One delivery: acquire, announce, send, record the end. The email goes out whatever the table does; what the table does not answer is said in
// the result.
internal sealed class DeliveryRun
{
    private const string CanceledBeforeSending = "The caller canceled the delivery before the email was sent.";

    private readonly DeliveryContext _context;
    private readonly DeliveryOptions _options;
    private readonly SentItems _items;
    private readonly CancellationToken _caller;
    private readonly LeaseSteps _leases;
    private readonly EndSteps _ends;
    private bool _isAnnounced;

    public DeliveryRun(DeliveryContext context, DeliveryOptions options, IReadOnlyCollection<DigestItem> items, CancellationToken caller)
    {
        (_context, _options, _caller) = (context, options, caller);
        _items = SentItems.Of(items, context.Settings.Identity);
        _leases = new LeaseSteps(context);
        _ends = new EndSteps(context, _leases, new LetterStep(context));
    }

    public async Task<DeliveryResult> RunAsync(Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>> send)
    {
        DeliveryLease lease = await new LeaseOpening(_context, _leases).AcquireAsync(_options, _caller).ConfigureAwait(false);
        if (_caller.IsCancellationRequested)
        {
            return Canceled(await WithdrawAsync(lease, CanceledBeforeSending).ConfigureAwait(false));
        }

        if (!lease.MaySend)
        {
            return Done(Denied(lease));
        }

        if (lease.IsRepeat && _options.OnUncertain != UncertainAttempt.Resend)
        {
            return await LeaveUnsentAsync(lease).ConfigureAwait(false);
        }

        var clock = new LeaseClock(_context.Time, lease.Duration, lease.ClockSkewAllowance);
        clock.Start(lease.BeganAt);
        if (lease.Outcome == DeliveryLeaseOutcome.Granted && await AnnounceAsync(lease, clock).ConfigureAwait(false) is { } unsent)
        {
            return _caller.IsCancellationRequested ? Canceled(unsent) : Done(unsent);
        }

        SendEnd end = await new SendStep(_context, _leases).RunAsync(lease, clock, _options, send, _caller).ConfigureAwait(false);
        return await RecordAsync(lease, end).ConfigureAwait(false);
    }

    // Null if the email may be sent now. Otherwise nothing was sent, and the result says why.
    private async Task<DeliveryResult?> AnnounceAsync(DeliveryLease lease, LeaseClock clock)
    {
        ManifestReply reply = await _ends.AnnounceAsync(lease, _items, _caller).ConfigureAwait(false);
        _isAnnounced = reply.Outcome == ManifestOutcome.Applied;
        if (reply.Outcome == ManifestOutcome.Superseded)
        {
            // The manifest of this attempt itself is confirmed if an operator has marked the day as delivered meanwhile.
            DeliveryLeaseOutcome outcome = reply.Manifest is { State: ManifestState.Delivered } ? DeliveryLeaseOutcome.AlreadyDelivered : DeliveryLeaseOutcome.HeldByAnother;
            return Denied(lease with { Outcome = outcome });
        }

        if (_caller.IsCancellationRequested)
        {
            return await WithdrawAsync(lease, CanceledBeforeSending).ConfigureAwait(false);
        }

        // The process may have been paused. Another sender may have the lease by now.
        return clock.IsOver ? await WithdrawAsync(lease, "The lease ended before the email was sent.").ConfigureAwait(false) : null;
    }

    // Nothing was sent. The day is free again at once, also where the acquisition was applied and its answer was lost.
    private async Task<DeliveryResult> WithdrawAsync(DeliveryLease lease, string reason)
    {
        if (_caller.IsCancellationRequested)
        {
            _context.BeginLateSteps();
        }

        if (lease.Outcome is not DeliveryLeaseOutcome.Granted and not DeliveryLeaseOutcome.Unprotected)
        {
            return Denied(lease);
        }

        DeliveryChange change = await _ends.WithdrawAsync(lease, reason).ConfigureAwait(false);
        return ResultOf(lease, DeliveryOutcome.Failed) with { IsStatusRecorded = change.IsRecorded, Error = lease.Error };
    }

    // An earlier attempt may have been accepted, and the caller does not want a second email.
    private async Task<DeliveryResult> LeaveUnsentAsync(DeliveryLease lease)
    {
        bool skips = _options.OnUncertain == UncertainAttempt.Skip;
        var failure = new DeliveryFailure(DeliveryFailureKind.Uncertain, "An earlier attempt may have been accepted, so the email was not sent again.");
        DeliveryChange change = skips
            ? await _ends.SkipAsync(lease, failure, _caller).ConfigureAwait(false)
            : (await _ends.FailAsync(lease, failure, items: null, isAnnounced: true, _caller).ConfigureAwait(false)).Status;
        DeliveryResult result = Done(ResultOf(lease, skips ? DeliveryOutcome.Skipped : DeliveryOutcome.Uncertain) with
        {
            IsStatusRecorded = change.IsRecorded,
            AreItemsRecorded = lease.PreviousItems.Count > 0,
            Error = change.Error,
        });
        if (!skips)
        {
            result.EnsureDelivered();
        }

        return result;
    }

    private async Task<DeliveryResult> RecordAsync(DeliveryLease lease, SendEnd end)
    {
        DateTimeOffset now = _context.Time.GetUtcNow();
        if (_caller.IsCancellationRequested)
        {
            _context.BeginLateSteps();
        }

        if (end.Receipt is { } receipt)
        {
            EndReport sent = await _ends.CompleteAsync(lease, receipt, _items, _isAnnounced, now, CancellationToken.None).ConfigureAwait(false);
            return Done(Attempted(lease, sent, sent.Status.IsRecorded ? DeliveryOutcome.Delivered : DeliveryOutcome.DeliveredUnrecorded) with
            {
                MessageId = receipt.MessageId ?? lease.MessageId,
                SentCount = receipt.SentCount ?? _items.Count,
                DeliveredAt = now,
                Error = sent.Status.Error ?? lease.Error,
            });
        }

        EndReport failed = await _ends.FailAsync(lease, end.Failure!, _items, _isAnnounced, CancellationToken.None).ConfigureAwait(false);
        DeliveryResult result = Attempted(lease, failed, DeliveryStates.OutcomeOf(end.Failure!.Kind)) with { Error = end.Error };
        return _caller.IsCancellationRequested ? Canceled(result) : Done(result);
    }

    private DeliveryResult Attempted(DeliveryLease lease, EndReport report, DeliveryOutcome outcome) => ResultOf(lease, outcome) with
    {
        WasAttempted = true,
        IsStatusRecorded = report.Status.IsRecorded,
        AreItemsRecorded = report.AreItemsRecorded,
        IsDeadLettered = report.IsDeadLettered,
        Owner = report.Status.Outcome == DeliveryChangeOutcome.TakenOver ? report.Status.Owner : null,
        Attempt = report.Lease.Attempt,
        Fence = report.Lease.Fence,
    };

    private DeliveryResult Denied(DeliveryLease lease) => ResultOf(lease, lease.OutcomeUnsent ?? DeliveryOutcome.Failed);

    private DeliveryResult ResultOf(DeliveryLease lease, DeliveryOutcome outcome) => new()
    {
        Date = lease.Date,
        Outcome = outcome,
        LeaseOutcome = lease.Outcome,
        Attempt = lease.Attempt,
        Fence = lease.Fence,
        IsRepeat = lease.IsRepeat,
        IsHistoryUnread = lease.IsHistoryUnread,
        MessageId = lease.MessageId,
        DeliveredAt = lease.DeliveredAt,
        Owner = lease.Owner,
        RetryAfter = lease.RetryAfter,
        InvalidUrls = _items.InvalidUrls,
    };

    private DeliveryResult Done(DeliveryResult result) => _context.Call.Done(result, _items.Count);

    private DeliveryResult Canceled(DeliveryResult result) => throw new DigestStoreCanceledException(Done(result), _caller);
}
