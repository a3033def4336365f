using DigestStore.Manifests;

namespace DigestStore.Delivery;

// Records a delivery from its letter, with the token that its sender had.
internal sealed class LetterReplay(DeliveryContext context)
{
    public async Task<DeadLetterFate> RunAsync(DateOnly date, DeliveryLetter letter, CancellationToken cancellationToken)
    {
        if (letter.IsUncertain)
        {
            // Nobody knows whether the email went out, so the status of the day stays as it is.
            DeadLetterFate uncertain = await RememberAsync(date, letter, ManifestState.Sending, DeadLetterFate.Stored, cancellationToken).ConfigureAwait(false);
            context.Call.Done(uncertain, lease: null, letter.Urls.Count);
            return uncertain;
        }

        var leases = new LeaseSteps(context);
        var defaults = new DeliveryOptions();
        var request = new LeaseRequest(
            letter.Token, DeliveryRules.Cut(letter.Owner, DeliveryRules.MaxOwnerBytes)!, DeliveryRules.Cut(letter.MessageId, DeliveryRules.MaxMessageIdBytes)!,
            defaults.LeaseDuration, defaults.ClockSkewAllowance, defaults.MaxAttempts)
        { SentAt = letter.DeliveredAt };
        DeliveryLease lease = await leases.AcquireAsync(request.ForEnd(), cancellationToken).ConfigureAwait(false);
        DeadLetterFate fate = lease.Outcome switch
        {
            DeliveryLeaseOutcome.Granted => await RecordAsync(leases, lease, date, letter, cancellationToken).ConfigureAwait(false),
            DeliveryLeaseOutcome.AlreadyDelivered or DeliveryLeaseOutcome.GaveUp =>
                await RememberAsync(date, letter, ManifestState.Delivered, DeadLetterFate.Superseded, cancellationToken).ConfigureAwait(false),
            DeliveryLeaseOutcome.Deleted => await RememberAsync(date, letter, ManifestState.Deleted, DeadLetterFate.Superseded, cancellationToken).ConfigureAwait(false),

            // The sender who holds the lease ends soon, and then it is known what became of the day.
            DeliveryLeaseOutcome.HeldByAnother or DeliveryLeaseOutcome.Unprotected or DeliveryLeaseOutcome.Disabled => DeadLetterFate.Kept,
        };
        context.Call.Done(fate, lease, letter.Urls.Count);
        return fate;
    }

    private async Task<DeadLetterFate> RecordAsync(LeaseSteps leases, DeliveryLease lease, DateOnly date, DeliveryLetter letter, CancellationToken cancellationToken)
    {
        (lease, ManifestReply? failed) = await new LeaseHistory(context, leases).ReadAsync(lease, cancellationToken).ConfigureAwait(false);
        if (failed is not null)
        {
            return DeadLetterFate.Kept;
        }

        if (lease.Outcome == DeliveryLeaseOutcome.AlreadyDelivered)
        {
            return await RememberAsync(date, letter, ManifestState.Delivered, DeadLetterFate.Superseded, cancellationToken).ConfigureAwait(false);
        }

        SentItems items = SentItems.OfUrls(letter.Urls, context.Settings.Identity);
        ManifestReply announced = await context.OnManifestAsync(
            manifests => manifests.AnnounceAsync(date, lease.Fence, letter.MessageId, items.Ids, lease.Seen), cancellationToken).ConfigureAwait(false);

        if (announced.Outcome == ManifestOutcome.Superseded)
        {
            DeadLetterFate remembered = await RememberAsync(date, letter, ManifestState.Delivered, DeadLetterFate.Superseded, cancellationToken).ConfigureAwait(false);

            // The manifest of this very attempt may be confirmed already, so that only the header is missing.
            if (remembered == DeadLetterFate.Kept || announced.Manifest is not { State: ManifestState.Delivered } manifest || manifest.Fence != lease.Fence)
            {
                return remembered;
            }
        }
        else if (announced.Outcome != ManifestOutcome.Applied ||
            (await context.OnManifestAsync(manifests => manifests.ConfirmAsync(date, lease.Fence, letter.MessageId), cancellationToken).ConfigureAwait(false)).Outcome != ManifestOutcome.Applied)
        {
            return DeadLetterFate.Kept;
        }

        DeliveryChange change = await leases.CompleteAsync(lease, letter.MessageId, letter.SentCount, letter.DeliveredAt, cancellationToken).ConfigureAwait(false);
        return change.Outcome switch
        {
            DeliveryChangeOutcome.Recorded => DeadLetterFate.Stored,
            DeliveryChangeOutcome.TakenOver or DeliveryChangeOutcome.Refused => DeadLetterFate.Superseded,
            DeliveryChangeOutcome.NotRecorded => DeadLetterFate.Kept,
        };
    }

    // The links were mailed, or may have been, whoever has the day now.
    private async Task<DeadLetterFate> RememberAsync(DateOnly date, DeliveryLetter letter, ManifestState state, DeadLetterFate fate, CancellationToken cancellationToken)
    {
        SentItems items = SentItems.OfUrls(letter.Urls, context.Settings.Identity);
        if (items.Ids.Count == 0)
        {
            return fate;
        }

        ManifestReply reply = await context.OnManifestAsync(
            manifests => manifests.RememberAsync(date, letter.MessageId, items.Ids, state), cancellationToken).ConfigureAwait(false);
        return reply.Outcome == ManifestOutcome.Applied ? fate : DeadLetterFate.Kept;
    }
}
