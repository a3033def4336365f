using DigestStore.Manifests;

namespace DigestStore.Delivery;

// The single steps of a delivery, as callers ask for them one by one.
internal sealed class DeliveryCalls
{
    private readonly DeliveryContext _context;
    private readonly CancellationToken _caller;
    private readonly LeaseSteps _leases;
    private readonly EndSteps _ends;

    public DeliveryCalls(DeliveryContext context, CancellationToken caller)
    {
        (_context, _caller) = (context, caller);
        _leases = new LeaseSteps(context);
        _ends = new EndSteps(context, _leases, new LetterStep(context));
    }

    public async Task<DeliveryLease> AcquireAsync(DeliveryOptions options)
    {
        DeliveryLease lease = await new LeaseOpening(_context, _leases).AcquireAsync(options, _caller).ConfigureAwait(false);

        // Looked at once, because a caller that gets no lease could not give it back, and one that gets a lease must still have it.
        bool isCanceled = _caller.IsCancellationRequested;
        if (isCanceled && lease.MaySend && lease.Outcome != DeliveryLeaseOutcome.Disabled)
        {
            using CancellationTokenRegistration late = _context.BeginLateStepsWith(_caller);
            await _ends.WithdrawAsync(lease, "The caller canceled the acquisition of the lease.").ConfigureAwait(false);
        }

        _context.Call.Done(lease);
        return isCanceled ? throw new OperationCanceledException(_caller) : lease;
    }

    public async Task<DeliveryChange> AnnounceAsync(DeliveryLease lease, IReadOnlyCollection<DigestItem> items)
    {
        SentItems sent = SentItems.Of(items, _context.Settings.Identity);
        DeliveryLease held = await _ends.HeldAsync(lease, LeaseRequest.Of(lease), _caller).ConfigureAwait(false);
        DeliveryChange change = LeaseSteps.Unheld(held);
        if (held.Outcome == DeliveryLeaseOutcome.Granted)
        {
            (held, ManifestReply reply) = await _ends.AnnounceOwnAsync(held, sent, _caller).ConfigureAwait(false);
            change = reply.Outcome switch
            {
                // Nobody else is known to have the day.
                ManifestOutcome.Superseded when held.MaySend => _leases.NotRecorded(null, ""),
                ManifestOutcome.Applied => new DeliveryChange { Outcome = DeliveryChangeOutcome.Recorded, Status = DeliveryStatus.Sending },
                ManifestOutcome.Superseded => new DeliveryChange { Outcome = DeliveryChangeOutcome.TakenOver },
                ManifestOutcome.NotAnswered or ManifestOutcome.Absent => _leases.NotRecorded(reply.Fault, reply.Operation),
            };
        }

        return Done(change with { InvalidUrls = sent.InvalidUrls }, held, sent.Count);
    }

    public async Task<DeliveryChange> RenewAsync(DeliveryLease lease, string? checkpoint)
    {
        DeliveryLease held = await _ends.HeldAsync(lease, LeaseRequest.Of(lease), _caller).ConfigureAwait(false);
        DeliveryChange change = held.Outcome == DeliveryLeaseOutcome.Granted
            ? (await _leases.RenewAsync(held, checkpoint, _caller).ConfigureAwait(false)).Change
            : LeaseSteps.Unheld(held);
        return Done(change, held);
    }

    public async Task<DeliveryChange> CompleteAsync(DeliveryLease lease, DeliveryReceipt receipt)
    {
        using CancellationTokenRegistration late = _context.BeginLateStepsWith(_caller);
        EndReport report = await _ends.CompleteAsync(lease, receipt, items: null, isAnnounced: true, _context.Time.GetUtcNow(), _caller).ConfigureAwait(false);
        _context.Call.AttemptEnded(report.Status.IsRecorded ? DeliveryOutcome.Delivered : DeliveryOutcome.DeliveredUnrecorded);
        return Done(report.Status, report.Lease, receipt.SentCount ?? 0);
    }

    public async Task<DeliveryChange> FailAsync(DeliveryLease lease, DeliveryFailure failure)
    {
        using CancellationTokenRegistration late = _context.BeginLateStepsWith(_caller);
        EndReport report = await _ends.FailAsync(lease, failure, items: null, isAnnounced: true, _caller).ConfigureAwait(false);
        _context.Call.AttemptEnded(DeliveryStates.OutcomeOf(failure.Kind));
        return Done(report.Status, report.Lease);
    }

    public async Task<DeliveryChange> ResolveAsync(DeliveryResolution resolution)
    {
        DeliveryChange change = _context.IsDisabled
            ? new DeliveryChange { Outcome = DeliveryChangeOutcome.NotRecorded, Error = Faults.ReadFailures.Disabled() }
            : await new ResolveStep(_context, _leases).RunAsync(resolution, _caller).ConfigureAwait(false);
        return Done(change, lease: null);
    }

    private DeliveryChange Done(DeliveryChange change, DeliveryLease? lease, int items = 0)
    {
        _context.Call.Done(change, lease, items);
        if (!change.IsRecorded)
        {
            _caller.ThrowIfCancellationRequested();
        }

        return change;
    }
}
