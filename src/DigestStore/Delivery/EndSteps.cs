using DigestStore.Manifests;

namespace DigestStore.Delivery;

// What became of the records of an end.
internal sealed record EndReport(DeliveryChange Status, bool AreItemsRecorded, bool IsDeadLettered, DeliveryLease Lease);

// Records what is sent and the end of an attempt: the manifest first, then the header. So a sender that is killed in between leaves a day that
// is known to be sent.
internal sealed class EndSteps(DeliveryContext context, LeaseSteps leases, LetterStep letters)
{
    // The items, before they are sent. A larger fence in the manifest means that another sender has taken over.
    public Task<ManifestReply> AnnounceAsync(DeliveryLease lease, SentItems items, CancellationToken cancellationToken) => context.OnManifestAsync(
        manifests => manifests.AnnounceAsync(lease.Date, lease.Fence, lease.MessageId, items.Ids, lease.Seen), cancellationToken);

    // The same, with the lease as it is afterwards. A manifest with a larger fence is no proof of another sender: the header may have been lost with
    // its fence, and raising the new one may have had no answer. The header decides. Without an answer the lease is one that nobody granted, so that
    // the email goes out all the same.
    public async Task<(DeliveryLease Lease, ManifestReply Reply)> AnnounceOwnAsync(DeliveryLease lease, SentItems items, CancellationToken cancellationToken)
    {
        ManifestReply reply = await AnnounceAsync(lease, items, cancellationToken).ConfigureAwait(false);
        if (reply is not { Outcome: ManifestOutcome.Superseded, Manifest: { } there })
        {
            return (lease, reply);
        }

        if (there.State == ManifestState.Delivered)
        {
            // Its sender, or an operator, may have been killed between the two records of the end. If the header is complete already, it stays so.
            await leases.CompleteAsync(lease, there.MessageId ?? lease.MessageId, sentCount: null, context.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            return (lease with { Outcome = DeliveryLeaseOutcome.AlreadyDelivered }, reply);
        }

        (bool? isOwn, DeliveryLease found) = await leases.LookAsync(lease, cancellationToken).ConfigureAwait(false);
        if (isOwn == false)
        {
            return (lease with { Outcome = DeliveryLeaseOutcome.HeldByAnother }, reply);
        }

        // The fence may have been raised already, by the request whose answer did not arrive.
        DeliveryLease raised = lease with { Fence = found.Fence };
        if (isOwn == true && raised.Fence <= there.Fence)
        {
            raised = await leases.RaiseFenceAsync(raised, there.Fence, cancellationToken).ConfigureAwait(false);
        }

        if (raised.Fence <= there.Fence)
        {
            return (raised with { Outcome = DeliveryLeaseOutcome.Unprotected }, reply);
        }

        // Whoever is ahead of a fence that was raised a moment ago has the day by now.
        reply = await AnnounceAsync(raised with { Seen = there }, items, cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            { Outcome: ManifestOutcome.Superseded, Manifest.State: ManifestState.Delivered } => (raised with { Outcome = DeliveryLeaseOutcome.AlreadyDelivered }, reply),
            { Outcome: ManifestOutcome.Superseded } => (raised with { Outcome = DeliveryLeaseOutcome.HeldByAnother }, reply),
            _ => (raised, reply),
        };
    }

    // A lease that the table did not grant because it did not answer. It is asked again with the same token, so that an acquisition that was
    // applied all the same is recognised.
    public async Task<DeliveryLease> HeldAsync(DeliveryLease lease, LeaseRequest request, CancellationToken cancellationToken)
    {
        if (lease.Outcome != DeliveryLeaseOutcome.Unprotected)
        {
            return lease;
        }

        DeliveryLease held = await leases.AcquireAsync(request, cancellationToken).ConfigureAwait(false) with { Options = lease.Options };
        return await WithHistoryAsync(held, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DeliveryLease> WithHistoryAsync(DeliveryLease held, CancellationToken cancellationToken)
    {
        if (held.Outcome != DeliveryLeaseOutcome.Granted)
        {
            return held;
        }

        // Another sender may have delivered the day. Without knowing that, nothing is recorded: the next call, or the letter, tries it again.
        (held, ManifestReply? failed) = await new LeaseHistory(context, leases).ReadAsync(held, cancellationToken).ConfigureAwait(false);
        return failed?.Fault is { } fault ? held with { Outcome = DeliveryLeaseOutcome.Unprotected, Error = context.ErrorOf(fault, failed.Operation) } : held;
    }

    // The items are null if the caller has announced them by a call of its own.
    public async Task<EndReport> CompleteAsync(
        DeliveryLease lease, DeliveryReceipt receipt, SentItems? items, bool isAnnounced, DateTimeOffset deliveredAt, CancellationToken cancellationToken)
    {
        string messageId = receipt.MessageId ?? lease.MessageId;
        int? sentCount = receipt.SentCount ?? items?.Count;

        DeliveryLease held = await HeldAsync(lease, LeaseRequest.Of(lease).ForEnd(), cancellationToken).ConfigureAwait(false);
        bool isConfirmed = false;
        DeliveryChange change = LeaseSteps.Unheld(held);
        if (held.Outcome == DeliveryLeaseOutcome.Granted)
        {
            isAnnounced = await AnnounceIfNeededAsync(held, items, isAnnounced, cancellationToken).ConfigureAwait(false);
            isConfirmed = isAnnounced && await ConfirmAsync(held, messageId, items, cancellationToken).ConfigureAwait(false);
            change = await leases.CompleteAsync(held, messageId, sentCount, deliveredAt, cancellationToken).ConfigureAwait(false);
        }

        bool isDeadLettered = !(change.IsRecorded && isConfirmed) &&
            await letters.WriteAsync(lease, LetterOf(lease, messageId, items, deliveredAt) with { SentCount = sentCount }).ConfigureAwait(false);
        return new EndReport(change with { IsDeadLettered = isDeadLettered }, isAnnounced, isDeadLettered, held);
    }

    // A failure that is known takes back what this attempt announced. One of a repeat says nothing about the attempt that it repeats, so the day
    // stays uncertain.
    public async Task<EndReport> FailAsync(DeliveryLease lease, DeliveryFailure failure, SentItems? items, bool isAnnounced, CancellationToken cancellationToken)
    {
        bool isKnown = failure.Kind != DeliveryFailureKind.Uncertain;

        DeliveryLease held = failure.Kind == DeliveryFailureKind.Retry
            ? await FoundAsync(lease, isAnnounced, cancellationToken).ConfigureAwait(false)
            : await HeldAsync(lease, LeaseRequest.Of(lease).ForEnd(), cancellationToken).ConfigureAwait(false);
        if (held.Outcome == DeliveryLeaseOutcome.Unprotected && failure.Kind == DeliveryFailureKind.Retry)
        {
            // The acquisition may have been applied although its answer was lost. Then the day is free again at once.
            return new EndReport(await WithdrawAsync(held, failure.Reason).ConfigureAwait(false), isAnnounced, IsDeadLettered: false, held);
        }

        bool wasAnnounced = isAnnounced;
        if (held.Outcome != DeliveryLeaseOutcome.Granted)
        {
            DeliveryChange unheld = LeaseSteps.Unheld(held);
            isAnnounced = wasAnnounced && await KeepUncertainAsync(held, failure, items, unheld, cancellationToken).ConfigureAwait(false);
            return new EndReport(unheld, isAnnounced, await WriteUncertainAsync(lease, failure, items, isAnnounced).ConfigureAwait(false), held);
        }

        if (isKnown)
        {
            await context.OnManifestAsync(manifests => manifests.ClearAsync(held.Date, held.Fence), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            isAnnounced = await AnnounceIfNeededAsync(held, items, isAnnounced, cancellationToken).ConfigureAwait(false);
        }

        DeliveryStatus status = failure.Kind == DeliveryFailureKind.Permanent ? DeliveryStatus.Abandoned : DeliveryStatus.Failed;
        DeliveryFailure recorded = isKnown && held.IsRepeat ? new DeliveryFailure(DeliveryFailureKind.Uncertain, failure.Reason) : failure;
        DeliveryChange change = await leases.FailAsync(held, status, recorded, keepsMessageId: !isKnown || held.IsRepeat, cancellationToken).ConfigureAwait(false);

        // What was announced only now, after the end of the email, nobody has taken back.
        isAnnounced = isAnnounced && (!wasAnnounced || await KeepUncertainAsync(held, failure, items, change, cancellationToken).ConfigureAwait(false));
        return new EndReport(change, isAnnounced, await WriteUncertainAsync(lease, failure, items, isAnnounced).ConfigureAwait(false), held);
    }

    // After a failure that lets others try again, a lease that was not granted is not acquired once more. But the items may have been announced by a
    // call that was granted it.
    private async Task<DeliveryLease> FoundAsync(DeliveryLease lease, bool isAnnounced, CancellationToken cancellationToken)
    {
        if (lease.Outcome != DeliveryLeaseOutcome.Unprotected || !isAnnounced)
        {
            return lease;
        }

        (_, DeliveryLease found) = await leases.LookAsync(lease, cancellationToken).ConfigureAwait(false);
        return await WithHistoryAsync(found, cancellationToken).ConfigureAwait(false);
    }

    // Nothing was sent. A lease that the table has not answered for may have been granted all the same, and may have replaced one whose end nobody
    // knows. So the day counts as uncertain then.
    public async Task<DeliveryChange> WithdrawAsync(DeliveryLease lease, string reason) => lease.Outcome == DeliveryLeaseOutcome.Granted
        ? (await FailAsync(lease, new DeliveryFailure(DeliveryFailureKind.Retry, reason), items: null, isAnnounced: false, CancellationToken.None).ConfigureAwait(false)).Status
        : await leases.FailAsync(lease, DeliveryStatus.Failed, new DeliveryFailure(DeliveryFailureKind.Uncertain, reason), keepsMessageId: true, CancellationToken.None).ConfigureAwait(false);

    // The day is given up although an earlier attempt may have been accepted, so what that one announced stays.
    public Task<DeliveryChange> SkipAsync(DeliveryLease lease, DeliveryFailure failure, CancellationToken cancellationToken) =>
        leases.FailAsync(lease, DeliveryStatus.Abandoned, failure, keepsMessageId: true, cancellationToken);

    // An operator or another sender has had the day since this attempt announced its links, and may have taken them back as not sent. But the email
    // may have gone out all the same. False if the links are not known to be remembered.
    private async Task<bool> KeepUncertainAsync(DeliveryLease held, DeliveryFailure failure, SentItems? items, DeliveryChange change, CancellationToken cancellationToken) =>
        failure.Kind != DeliveryFailureKind.Uncertain || items is null || change.Outcome is not (DeliveryChangeOutcome.Refused or DeliveryChangeOutcome.TakenOver) ||
        await RememberAsync(held, items, ManifestState.Sending, cancellationToken).ConfigureAwait(false);

    // The email may have gone out, and no manifest says what it contained. Without the letter its links would be forgotten.
    private async Task<bool> WriteUncertainAsync(DeliveryLease lease, DeliveryFailure failure, SentItems? items, bool isAnnounced) =>
        failure.Kind == DeliveryFailureKind.Uncertain && items is not null && !isAnnounced &&
        await letters.WriteAsync(lease, LetterOf(lease, lease.MessageId, items, context.Time.GetUtcNow()) with { IsUncertain = true }).ConfigureAwait(false);

    private static DeliveryLetter LetterOf(DeliveryLease lease, string messageId, SentItems? items, DateTimeOffset deliveredAt) => new()
    {
        Token = lease.Token,
        MessageId = messageId,
        DeliveredAt = deliveredAt,
        Urls = items?.Urls ?? [],
        Owner = lease.Options?.Owner ?? DeliveryRules.DefaultOwner,
    };

    private async Task<bool> ConfirmAsync(DeliveryLease held, string messageId, SentItems? items, CancellationToken cancellationToken)
    {
        ManifestReply reply = await context.OnManifestAsync(
            manifests => manifests.ConfirmAsync(held.Date, held.Fence, messageId), cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            { Outcome: ManifestOutcome.Applied } => true,

            // An operator has taken back what this attempt announced, and was wrong. Another sender may have announced its own links since.
            { Outcome: ManifestOutcome.Superseded } when items is not null =>
                await RememberAsync(held, items, ManifestState.Delivered, cancellationToken).ConfigureAwait(false),

            // A caller that has announced nothing has nothing to confirm. What earlier attempts announced need not be in this email.
            { Outcome: ManifestOutcome.Absent } when items is null => reply.Manifest is null || await SettleAsync(held, cancellationToken).ConfigureAwait(false),
            _ => false,
        };
    }

    private async Task<bool> SettleAsync(DeliveryLease held, CancellationToken cancellationToken)
    {
        ManifestReply reply = await context.OnManifestAsync(
            async manifests => await manifests.ReadAsync(held.Date).ConfigureAwait(false) is { Manifest: { } earlier }
                ? await manifests.CloseAsync(held.Date, held.Fence, earlier, ManifestState.Delivered).ConfigureAwait(false)
                : new ManifestReply(ManifestOutcome.Absent),
            cancellationToken).ConfigureAwait(false);
        return reply.Outcome == ManifestOutcome.Applied;
    }

    private async Task<bool> RememberAsync(DeliveryLease held, SentItems items, ManifestState state, CancellationToken cancellationToken)
    {
        ManifestReply reply = await context.OnManifestAsync(
            manifests => manifests.RememberAsync(held.Date, held.MessageId, items.Ids, state), cancellationToken).ConfigureAwait(false);
        return reply.Outcome == ManifestOutcome.Applied;
    }

    // An attempt whose manifest is settled cannot be announced any more: another sender or an operator has had the day since. Its links were mailed
    // all the same, or may have been.
    private async Task<bool> AnnounceIfNeededAsync(DeliveryLease held, SentItems? items, bool isAnnounced, CancellationToken cancellationToken)
    {
        if (items is null || isAnnounced)
        {
            return true;
        }

        ManifestReply reply = await AnnounceAsync(held, items, cancellationToken).ConfigureAwait(false);
        return reply.Outcome == ManifestOutcome.Superseded
            ? await RememberAsync(held, items, ManifestState.Sending, cancellationToken).ConfigureAwait(false)
            : reply.Outcome == ManifestOutcome.Applied;
    }
}
