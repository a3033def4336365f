using DigestStore.Manifests;

namespace DigestStore.Delivery;

// Reads what earlier attempts announced, after a lease was granted. A header may have expired and begun anew, so that only the manifest knows.
internal sealed class LeaseHistory(DeliveryContext context, LeaseSteps leases)
{
    // Failed is the reply to a read without an answer, and null if the history was read. The lease of a day that is delivered already becomes one
    // that may not send.
    public async Task<(DeliveryLease Lease, ManifestReply? Failed)> ReadAsync(DeliveryLease lease, CancellationToken cancellationToken)
    {
        ManifestReply read = await context.OnManifestAsync(manifests => manifests.ReadAsync(lease.Date), cancellationToken).ConfigureAwait(false);
        if (read.Outcome == ManifestOutcome.NotAnswered)
        {
            return (lease with { IsHistoryUnread = true }, read);
        }

        // What this attempt itself has confirmed says nothing about earlier ones.
        if (read.Manifest is { State: ManifestState.Delivered } delivered && delivered.Fence != lease.Fence)
        {
            // The holder before was killed between the two records of its end, or the header that had the second one is gone.
            string messageId = delivered.MessageId ?? lease.MessageId;
            DateTimeOffset now = context.Time.GetUtcNow();
            await leases.CompleteAsync(lease, messageId, sentCount: null, now, cancellationToken).ConfigureAwait(false);
            return (lease with { Outcome = DeliveryLeaseOutcome.AlreadyDelivered, MessageId = messageId, DeliveredAt = now }, null);
        }

        if (read.Manifest?.Fence > lease.Fence)
        {
            lease = await leases.RaiseFenceAsync(lease, read.Manifest.Fence, cancellationToken).ConfigureAwait(false);
        }

        bool isUnsettled = read.Manifest?.IsUnsettledBefore(lease.Fence) == true;
        bool isRepeat = lease.IsRepeat || isUnsettled;
        return (
            lease with
            {
                Seen = read.Manifest,
                IsRepeat = isRepeat,
                MessageId = (isUnsettled ? read.Manifest!.MessageId : null) ?? lease.MessageId,
                PreviousItems = isRepeat && read.Manifest is { } manifest ? manifest.AnnouncedBefore(lease.Fence) : [],
            },
            null);
    }
}
