using DigestStore.Manifests;
using DigestStore.Table;

namespace DigestStore.Delivery;

// Records a delivery from its letter, with the token that its sender had.
internal sealed class LetterReplay(DeliveryContext context)
{
    public async Task<DeadLetterFate> RunAsync(DateOnly date, DeliveryLetter letter, CancellationToken cancellationToken)
    {
        var leases = new LeaseSteps(context);
        var defaults = new DeliveryOptions();

        // The email did go, so no number of attempts is a reason not to record it.
        var request = new LeaseRequest(
            letter.Token, DeliveryRules.Cut(letter.Owner, DeliveryRules.MaxOwnerBytes)!, DeliveryRules.Cut(letter.MessageId, DeliveryRules.MaxMessageIdBytes)!,
            defaults.LeaseDuration, defaults.ClockSkewAllowance, int.MaxValue);
        DeliveryLease lease = await leases.AcquireAsync(request, cancellationToken).ConfigureAwait(false);
        DeadLetterFate fate = lease.Outcome switch
        {
            DeliveryLeaseOutcome.Granted => await RecordAsync(leases, lease, date, letter, cancellationToken).ConfigureAwait(false),
            DeliveryLeaseOutcome.AlreadyDelivered or DeliveryLeaseOutcome.HeldByAnother or DeliveryLeaseOutcome.GaveUp or DeliveryLeaseOutcome.Deleted => DeadLetterFate.Superseded,
            DeliveryLeaseOutcome.Unprotected or DeliveryLeaseOutcome.Disabled => DeadLetterFate.Kept,
        };
        context.Call.Done(fate, lease, letter.Urls.Count);
        return fate;
    }

    private async Task<DeadLetterFate> RecordAsync(LeaseSteps leases, DeliveryLease lease, DateOnly date, DeliveryLetter letter, CancellationToken cancellationToken)
    {
        (lease, TableFault? fault) = await new LeaseHistory(context, leases).ReadAsync(lease, cancellationToken).ConfigureAwait(false);
        if (fault is not null || lease.Outcome == DeliveryLeaseOutcome.AlreadyDelivered)
        {
            return fault is null ? DeadLetterFate.Superseded : DeadLetterFate.Kept;
        }

        SentItems items = SentItems.OfUrls(letter.Urls, context.Settings.Identity);
        ManifestReply announced = await context.OnManifestAsync(
            manifests => manifests.AnnounceAsync(date, lease.Fence, letter.MessageId, items.Ids, lease.Seen), cancellationToken).ConfigureAwait(false);

        // The sender itself may have recorded the manifest, and only the header is missing.
        bool isRecorded = announced is { Outcome: ManifestOutcome.Superseded, Manifest: { State: ManifestState.Delivered } manifest } && manifest.Fence == lease.Fence;
        if (!isRecorded && announced.Outcome == ManifestOutcome.Applied)
        {
            ManifestReply confirmed = await context.OnManifestAsync(
                manifests => manifests.ConfirmAsync(date, lease.Fence, letter.MessageId), cancellationToken).ConfigureAwait(false);
            isRecorded = confirmed.Outcome == ManifestOutcome.Applied;
        }

        if (!isRecorded)
        {
            return announced.Outcome == ManifestOutcome.Superseded ? DeadLetterFate.Superseded : DeadLetterFate.Kept;
        }

        DeliveryChange change = await leases.CompleteAsync(lease, letter.MessageId, letter.SentCount, letter.DeliveredAt, cancellationToken).ConfigureAwait(false);
        return change.Outcome switch
        {
            DeliveryChangeOutcome.Recorded => DeadLetterFate.Stored,
            DeliveryChangeOutcome.TakenOver or DeliveryChangeOutcome.Refused => DeadLetterFate.Superseded,
            DeliveryChangeOutcome.NotRecorded => DeadLetterFate.Kept,
        };
    }
}
