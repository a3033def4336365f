using DigestStore.Manifests;

namespace DigestStore.Delivery;

// One delivery: acquire, announce, send, record the end. The email goes out whatever the table does; what the table does not answer is said in
// the result.
internal sealed class DeliveryRun
{
    private const string CanceledBeforeSending = "The caller canceled the delivery before the email was sent.";
    private const string TooLate = "The lease, or the time for sending, was over before the email was sent.";

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

        (lease, DeliveryResult? unsent) = await PrepareAsync(lease).ConfigureAwait(false);
        if (unsent is null)
        {
            SendEnd end = await new SendStep(_context, _leases).RunAsync(lease, _options, send, _caller).ConfigureAwait(false);
            if (end is not { Receipt: null, Failure: null })
            {
                return await RecordAsync(lease, end).ConfigureAwait(false);
            }

            unsent = await WithdrawAsync(lease, _caller.IsCancellationRequested ? CanceledBeforeSending : TooLate).ConfigureAwait(false);
        }

        DeliveryResult result = _caller.IsCancellationRequested ? Canceled(unsent) : Done(unsent);
        if (result.Outcome == DeliveryOutcome.Uncertain)
        {
            result.EnsureDelivered();
        }

        return result;
    }

    // The lease with which the email may be sent now. Otherwise nothing is sent, and the result says why.
    private async Task<(DeliveryLease Lease, DeliveryResult? Unsent)> PrepareAsync(DeliveryLease lease)
    {
        DeliveryResult? unsent = null;
        if (_context.Lease is { IsShort: true })
        {
            (lease, unsent) = await RenewAsync(lease, _context.Lease).ConfigureAwait(false);
        }

        if (unsent is null && lease.IsRepeat && _options.OnUncertain != UncertainAttempt.Resend)
        {
            unsent = await LeaveUnsentAsync(lease).ConfigureAwait(false);
        }

        if (unsent is null && lease.Outcome == DeliveryLeaseOutcome.Granted)
        {
            (lease, unsent) = await AnnounceAsync(lease).ConfigureAwait(false);
            if (unsent is null && _context.Lease is { IsOver: true })
            {
                (lease, unsent) = await RenewAsync(lease, _context.Lease).ConfigureAwait(false);
            }
        }

        return (lease, unsent);
    }

    // The process was paused, or the answers took too long. Another sender may have the lease by now. A table that does not answer keeps no email
    // from going out, so without an answer a lease that is over is one that nobody granted.
    private async Task<(DeliveryLease Lease, DeliveryResult? Unsent)> RenewAsync(DeliveryLease lease, LeaseClock clock)
    {
        clock.Ask();
        (DeliveryChange change, long? beganAt) = await _leases.RenewAsync(lease, checkpoint: null, _caller).ConfigureAwait(false);
        if (beganAt is { } began)
        {
            clock.Start(began);
        }

        if (_caller.IsCancellationRequested)
        {
            return (lease, await WithdrawAsync(lease, CanceledBeforeSending).ConfigureAwait(false));
        }

        // A newer version of the library refuses an own lease while sending.
        if (change.Outcome == DeliveryChangeOutcome.NotRecorded || change is { Outcome: DeliveryChangeOutcome.Refused, Status: DeliveryStatus.Sending })
        {
            return (clock.IsOver ? lease with { Outcome = DeliveryLeaseOutcome.Unprotected, Error = change.Error } : lease, null);
        }

        return change.IsRecorded && !clock.IsOver ? (lease, null) : (lease, await LoseAsync(lease, change).ConfigureAwait(false));
    }

    // The lease was lost, and the status says to whom.
    private async Task<DeliveryResult> LoseAsync(DeliveryLease lease, DeliveryChange change)
    {
        DeliveryLeaseOutcome? outcome = change.Status switch
        {
            DeliveryStatus.Delivered => DeliveryLeaseOutcome.AlreadyDelivered,
            DeliveryStatus.Deleting or DeliveryStatus.Deleted => DeliveryLeaseOutcome.Deleted,
            DeliveryStatus.Abandoned => DeliveryLeaseOutcome.GaveUp,
            DeliveryStatus.Sending when !change.IsRecorded => DeliveryLeaseOutcome.HeldByAnother,
            DeliveryStatus.Sending or DeliveryStatus.Failed or DeliveryStatus.Pending or null => null,
        };

        // What was announced was not sent. On a delivered day, an operator may have confirmed it all the same.
        DeliveryResult unsent = outcome == DeliveryLeaseOutcome.AlreadyDelivered
            ? ResultOf(lease, DeliveryOutcome.AlreadyDelivered)
            : await WithdrawAsync(lease, TooLate).ConfigureAwait(false);
        return outcome is { } lost ? Denied(lease with { Outcome = lost, Owner = change.Owner }) : unsent;
    }

    // The lease with which the email may be sent now. Otherwise nothing was sent, and the result says why.
    private async Task<(DeliveryLease Lease, DeliveryResult? Unsent)> AnnounceAsync(DeliveryLease lease)
    {
        (lease, ManifestReply reply) = await _ends.AnnounceOwnAsync(lease, _items, _caller).ConfigureAwait(false);
        _isAnnounced = reply.Outcome == ManifestOutcome.Applied;
        if (!lease.MaySend)
        {
            return (lease, Denied(lease));
        }

        return (lease, _caller.IsCancellationRequested ? await WithdrawAsync(lease, CanceledBeforeSending).ConfigureAwait(false) : null);
    }

    // Nothing was sent. The day is free again at once, also where the acquisition was applied and its answer was lost.
    private async Task<DeliveryResult> WithdrawAsync(DeliveryLease lease, string reason)
    {
        if (lease.Outcome is not DeliveryLeaseOutcome.Granted and not DeliveryLeaseOutcome.Unprotected)
        {
            return Denied(lease);
        }

        using CancellationTokenRegistration late = BeginEnd();
        DeliveryChange change = await _ends.WithdrawAsync(lease, reason).ConfigureAwait(false);
        return ResultOf(lease, DeliveryOutcome.Failed) with { IsStatusRecorded = change.IsRecorded, Error = lease.Error };
    }

    // An earlier attempt may have been accepted, and the caller does not want a second email.
    private async Task<DeliveryResult> LeaveUnsentAsync(DeliveryLease lease)
    {
        using CancellationTokenRegistration late = BeginEnd();
        bool skips = _options.OnUncertain == UncertainAttempt.Skip;
        var failure = new DeliveryFailure(DeliveryFailureKind.Uncertain, "An earlier attempt may have been accepted, so the email was not sent again.");
        DeliveryChange change = skips
            ? await _ends.SkipAsync(lease, failure, CancellationToken.None).ConfigureAwait(false)
            : (await _ends.FailAsync(lease, failure, items: null, isAnnounced: true, CancellationToken.None).ConfigureAwait(false)).Status;
        return ResultOf(lease, skips ? DeliveryOutcome.Skipped : DeliveryOutcome.Uncertain) with
        {
            IsStatusRecorded = change.IsRecorded,
            AreItemsRecorded = lease.PreviousItems.Count > 0,
            Error = change.Error,
        };
    }

    private async Task<DeliveryResult> RecordAsync(DeliveryLease lease, SendEnd end)
    {
        using CancellationTokenRegistration late = BeginEnd();
        DateTimeOffset now = _context.Time.GetUtcNow();
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

    // An end is recorded also when the lease is over and after a cancellation. Then it has little time: from now on, or from the moment in which
    // the caller cancels.
    private CancellationTokenRegistration BeginEnd()
    {
        _context.Lease = null;
        return _context.BeginLateStepsWith(_caller);
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
