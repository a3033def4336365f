using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Delivery;

// The changes of the lease and of its end in the header of the day, each one conditional update.
internal sealed class LeaseSteps(DeliveryContext context)
{
    // How often a change is tried that was refused because another sender had changed the record meanwhile.
    private const int MaxTries = 3;

    private TimeProvider Time => context.Time;

    // One step with all its tries. The answer is always a lease: one that was not granted says why.
    public Task<DeliveryLease> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken) =>
        context.RunAsync(gateway => AcquireAsync(gateway, request), cancellationToken);

    // The lease as the header has it, and whether the header still has it: it may have been granted although the answer did not arrive. Nothing is
    // acquired for that. Null: the table did not answer, so nobody knows.
    public async Task<(bool? IsOwn, DeliveryLease Lease)> LookAsync(DeliveryLease lease, CancellationToken cancellationToken)
    {
        LookupReply found = await context.RunAsync(
            gateway => gateway.LookupAsync(LookupRequest.OfHeader(context.Partition, consistent: true)), cancellationToken).ConfigureAwait(false);
        if (found.Fault is not null)
        {
            return (null, lease);
        }

        DeliveryRecord? record = found.Records is [var there] ? there.ToDelivery() : null;
        if (record is not { Status: DeliveryStatus.Sending } || !IsOwn(record, lease))
        {
            return (false, lease);
        }

        // What a newer version of the library wrote beside the token is not interpreted.
        LeaseRequest request = LeaseRequest.Of(lease);
        return (true, record.IsNewer ? lease : Granted(request, record, BeginningOf(request, record, Time.GetUtcNow(), Time.GetTimestamp())) with { Options = lease.Options });
    }

    // A header that was lost took its fence with it, and the clock of whoever made that of the manifest may be ahead. Nothing changes if another
    // sender has the lease by now.
    public async Task<DeliveryLease> RaiseFenceAsync(DeliveryLease lease, long above, CancellationToken cancellationToken)
    {
        if (DeliveryRules.FenceAbove(above) is not { } fence)
        {
            return lease;
        }

        UpdateReply reply = await context.UpdateAsync(DeliveryUpdates.RaiseFence(context.Partition, lease.Token, lease.Fence, fence), cancellationToken).ConfigureAwait(false);
        bool isApplied = reply.Fault is null || (reply.Record?.ToDelivery() is { } record && IsOwn(record, lease) && record.Fence == fence);
        return isApplied ? lease with { Fence = fence } : lease;
    }

    // The renewal is monotonic, so one that comes late cannot move the end of the lease back. The timestamp is the one from which the holder may
    // count its lease anew; null if it may not.
    public Task<(DeliveryChange Change, long? BeganAt)> RenewAsync(DeliveryLease lease, string? checkpoint, CancellationToken cancellationToken) =>
        context.RunAsync(gateway => RenewAsync(gateway, lease, checkpoint), cancellationToken);

    public Task<DeliveryChange> CompleteAsync(DeliveryLease lease, string messageId, int? sentCount, DateTimeOffset deliveredAt, CancellationToken cancellationToken) =>
        EndAsync(DeliveryUpdates.Complete(context.Partition, lease.Token, messageId, sentCount, deliveredAt), lease, DeliveryStatus.Delivered, lastError: null, cancellationToken);

    public Task<DeliveryChange> FailAsync(DeliveryLease lease, DeliveryStatus status, DeliveryFailure failure, bool keepsMessageId, CancellationToken cancellationToken) =>
        EndAsync(DeliveryUpdates.Fail(context.Partition, lease.Token, status, failure, keepsMessageId, Time.GetUtcNow()), lease, status, DeliveryStates.TextOf(failure), cancellationToken);

    // The store is switched off, so nothing is asked.
    public DeliveryLease Disabled(LeaseRequest request) => LeaseOf(request, DeliveryLeaseOutcome.Disabled);

    // A change that needs a lease, when it is not held. Nothing is asked for it.
    public static DeliveryChange Unheld(DeliveryLease lease) => new()
    {
        Outcome = lease.Outcome switch
        {
            DeliveryLeaseOutcome.AlreadyDelivered or DeliveryLeaseOutcome.HeldByAnother => DeliveryChangeOutcome.TakenOver,
            DeliveryLeaseOutcome.GaveUp or DeliveryLeaseOutcome.Deleted => DeliveryChangeOutcome.Refused,
            DeliveryLeaseOutcome.Granted or DeliveryLeaseOutcome.Unprotected or DeliveryLeaseOutcome.Disabled => DeliveryChangeOutcome.NotRecorded,
        },
        Owner = lease.Owner,
        Error = lease.Error,
    };

    public DeliveryChange NotRecorded(TableFault? fault, string action) => new()
    {
        Outcome = DeliveryChangeOutcome.NotRecorded,
        Error = fault is null ? null : context.ErrorOf(fault, action),
    };

    public static DeliveryChange Changed(DeliveryChangeOutcome outcome, DeliveryRecord? record) => new()
    {
        Outcome = outcome,
        Status = record?.Status,
        Owner = record?.LeaseOwner,
        LeaseUntil = record?.LeaseUntil,
    };

    private async Task<DeliveryLease> AcquireAsync(TableGateway gateway, LeaseRequest request)
    {
        DateTimeOffset? expiredAt = null;
        UpdateReply? last = null;
        bool isTaken = false;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            DateTimeOffset now = Time.GetUtcNow();
            long beganAt = Time.GetTimestamp();
            UpdateReply reply = await gateway.UpdateAsync(
                expiredAt is { } expired ? DeliveryUpdates.BeginAnew(context.Partition, request, now, expired) : DeliveryUpdates.Acquire(context.Partition, request, now)).ConfigureAwait(false);
            DeliveryRecord? record = reply.Record?.ToDelivery();
            if (reply.Fault is null && record is not null)
            {
                return Granted(request, record, beganAt);
            }

            last = reply;
            if (!reply.IsRefused)
            {
                break;
            }

            // A day without a record is free. So there is one, although nobody can tell what it says.
            isTaken |= record is null && expiredAt is null;
            expiredAt = null;
            Refusal refusal = RefusalReader.Read(record, request, Time.GetUtcNow());
            switch (refusal)
            {
                case Refusal.Own:
                    return Granted(request, record!, BeginningOf(request, record!, now, beganAt));
                case Refusal.Expired:
                    expiredAt = record!.ExpiresAt;
                    continue;
                case Refusal.UsedUp when (await gateway.UpdateAsync(DeliveryUpdates.GiveUp(context.Partition, record!, Time.GetUtcNow())).ConfigureAwait(false)).IsRefused:
                case Refusal.Changed:
                    continue;
                case Refusal.UsedUp:
                    return Denied(request, DeliveryLeaseOutcome.GaveUp, record!) with { IsTakeover = record!.Status == DeliveryStatus.Sending };
                case Refusal.Delivered:
                    return Denied(request, DeliveryLeaseOutcome.AlreadyDelivered, record!);
                case Refusal.Deleted:
                    return Denied(request, DeliveryLeaseOutcome.Deleted, record!);
                case Refusal.Abandoned:
                    return Denied(request, DeliveryLeaseOutcome.GaveUp, record!);
                case Refusal.Held:
                    return Denied(request, DeliveryLeaseOutcome.HeldByAnother, record!) with { RetryAfter = RetryAfter(request, record!) };
                case Refusal.Newer:
                    return Unprotected(request, new DigestStoreException(DigestStoreErrorReason.NewerSchema, Faults.Remedies.Of(DigestStoreErrorReason.NewerSchema)));
            }
        }

        return isTaken
            ? LeaseOf(request, DeliveryLeaseOutcome.HeldByAnother) with { RetryAfter = request.Duration + request.Allowance }
            : Unprotected(request, last?.Fault is { } fault ? context.ErrorOf(fault, last.Operation) : null);
    }

    private async Task<(DeliveryChange Change, long? BeganAt)> RenewAsync(TableGateway gateway, DeliveryLease lease, string? checkpoint)
    {
        long until = 0;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            long beganAt = Time.GetTimestamp();
            long wanted = (Time.GetUtcNow() + lease.Duration).ToUnixTimeMilliseconds();
            bool isMoved = until > wanted;
            until = Math.Max(until, wanted);
            UpdateReply reply = await gateway.UpdateAsync(DeliveryUpdates.Renew(context.Partition, lease.Token, until, checkpoint)).ConfigureAwait(false);
            DeliveryRecord? record = reply.Record?.ToDelivery();
            if (reply.Fault is null)
            {
                return (Changed(DeliveryChangeOutcome.Recorded, record), isMoved ? null : beganAt);
            }

            if (!reply.IsRefused || record is null)
            {
                return (NotRecorded(reply.Fault, reply.Operation), null);
            }

            if (!IsOwn(record, lease) || record is not { Status: DeliveryStatus.Sending, LeaseUntil: { } recorded, IsNewer: false })
            {
                return (Lost(record, lease), null);
            }

            // The lease lasts as long already: an earlier attempt of this request was applied, or another renewal has overtaken it.
            long recordedUntil = recorded.ToUnixTimeMilliseconds();
            if (recordedUntil >= until && (checkpoint is null || string.Equals(record.Checkpoint, checkpoint, StringComparison.Ordinal)))
            {
                return (Changed(DeliveryChangeOutcome.Recorded, record), recordedUntil == until && !isMoved ? beganAt : null);
            }

            // Two renewals in one millisecond: the checkpoint of the second one still has to be written.
            until = recordedUntil + 1;
        }

        return (NotRecorded(null, ""), null);
    }

    private async Task<DeliveryChange> EndAsync(RecordUpdate update, DeliveryLease lease, DeliveryStatus status, string? lastError, CancellationToken cancellationToken)
    {
        UpdateReply reply = await context.UpdateAsync(update, cancellationToken).ConfigureAwait(false);
        DeliveryRecord? record = reply.Record?.ToDelivery();
        if (reply.Fault is null)
        {
            return Changed(DeliveryChangeOutcome.Recorded, record);
        }

        // A refusal without a record says nothing: the table that gives none could not be asked for it either.
        if (!reply.IsRefused || record is null)
        {
            return NotRecorded(reply.Fault, reply.Operation);
        }

        // The status is what it was to become: an earlier attempt was applied, and its answer was lost. An operator's decision leaves the token and
        // makes a day failed or abandoned too, so a failure is recognised by its text.
        bool isRecorded = IsOwn(record, lease) && record.Status == status && (lastError is null || string.Equals(record.LastError, lastError, StringComparison.Ordinal));
        return isRecorded ? Changed(DeliveryChangeOutcome.Recorded, record) : Lost(record, lease);
    }

    private static DeliveryChange Lost(DeliveryRecord record, DeliveryLease lease) =>
        Changed(record.LeaseToken is null || IsOwn(record, lease) ? DeliveryChangeOutcome.Refused : DeliveryChangeOutcome.TakenOver, record);

    private static bool IsOwn(DeliveryRecord record, DeliveryLease lease) => string.Equals(record.LeaseToken, lease.Token, StringComparison.Ordinal);

    // When the lease that is recorded began. It is an earlier one than this request would have begun if that came to the table before.
    private long BeginningOf(LeaseRequest request, DeliveryRecord record, DateTimeOffset now, long beganAt)
    {
        TimeSpan earlier = now + request.Duration - (record.LeaseUntil ?? now);
        return earlier <= TimeSpan.Zero ? beganAt : beganAt - (long)(earlier.TotalSeconds * Time.TimestampFrequency);
    }

    private TimeSpan RetryAfter(LeaseRequest request, DeliveryRecord record)
    {
        TimeSpan left = (record.LeaseUntil ?? Time.GetUtcNow()) + request.Allowance - Time.GetUtcNow();
        return left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1);
    }

    private DeliveryLease Granted(LeaseRequest request, DeliveryRecord record, long beganAt) => LeaseOf(request, DeliveryLeaseOutcome.Granted) with
    {
        Fence = record.Fence,
        Attempt = record.Attempts,
        MessageId = record.MessageId ?? request.MessageId,
        PreviousCheckpoint = record.Checkpoint,
        IsTakeover = record.PreviousStatus == DeliveryStatus.Sending,

        // The kind of the last failure stays uncertain as long as any attempt may have been accepted.
        IsRepeat = record.PreviousStatus == DeliveryStatus.Sending || DeliveryStates.FailureOf(record) is { Kind: DeliveryFailureKind.Uncertain },
        BeganAt = beganAt,
    };

    private DeliveryLease Denied(LeaseRequest request, DeliveryLeaseOutcome outcome, DeliveryRecord record) => LeaseOf(request, outcome) with
    {
        MessageId = record.MessageId ?? request.MessageId,
        Owner = record.LeaseOwner,
        DeliveredAt = record.DeliveredAt,
    };

    private DeliveryLease Unprotected(LeaseRequest request, Exception? error) => LeaseOf(request, DeliveryLeaseOutcome.Unprotected) with { Error = error };

    private DeliveryLease LeaseOf(LeaseRequest request, DeliveryLeaseOutcome outcome) => new()
    {
        Date = context.Partition.Date,
        Outcome = outcome,
        Token = request.Token,
        MessageId = request.MessageId,
        Duration = request.Duration,
        ClockSkewAllowance = request.Allowance,
        MaxAttempts = request.MaxAttempts,
        CorrelationId = context.Call.Names.CorrelationId,
    };
}
