using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Delivery;

// An operator's decision about a day. It is made about the header as it was read, and recorded only if that has not changed.
internal sealed class ResolveStep(DeliveryContext context, LeaseSteps leases)
{
    private const int MaxTries = 3;

    // The header comes first, because a sender who still has the day refuses the decision there, and its manifest must then stay as it is. A call that
    // is killed in between leaves links that count as sent, and can be made again.
    public async Task<DeliveryChange> RunAsync(DeliveryResolution resolution, CancellationToken cancellationToken)
    {
        (DeliveryChange change, DeliveryRecord? record) = await context.RunAsync(gateway => ResolveAsync(gateway, resolution), cancellationToken).ConfigureAwait(false);
        bool wasDelivered = change is { Outcome: DeliveryChangeOutcome.Refused, Status: DeliveryStatus.Delivered };
        return resolution.Kind switch
        {
            DeliveryResolutionKind.MarkDelivered when change.IsRecorded || wasDelivered => await SettleAsync(change, record, cancellationToken).ConfigureAwait(false),
            DeliveryResolutionKind.MarkUnsent when change.IsRecorded => await TakeBackAsync(change, record?.Fence ?? 0, cancellationToken).ConfigureAwait(false),
            _ => change,
        };
    }

    private async Task<DeliveryChange> TakeBackAsync(DeliveryChange change, long fence, CancellationToken cancellationToken)
    {
        ManifestReply reply = await context.OnManifestAsync(manifests => manifests.MarkUnsentAsync(context.Partition.Date, fence), cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            { Outcome: ManifestOutcome.NotAnswered } => leases.NotRecorded(reply.Fault, reply.Operation),

            // A sender has the day by now, or has recorded there that the email was sent.
            { Outcome: ManifestOutcome.Superseded } or { Manifest.State: ManifestState.Delivered } => change with { Outcome = DeliveryChangeOutcome.Refused },
            _ => change,
        };
    }

    // A header that no sender has taken has no fence. One that was lost had one, and what was announced under that is settled too: as far as it is
    // there now, and not what a sender announces meanwhile. If the day was delivered before, this ends a call that was killed or not answered.
    private async Task<DeliveryChange> SettleAsync(DeliveryChange change, DeliveryRecord? record, CancellationToken cancellationToken)
    {
        ManifestReply reply = await context.OnManifestAsync(
            async manifests =>
            {
                string messageId = record?.MessageId ?? DeliveryRules.DefaultMessageId(context.Partition);
                if (change.IsRecorded && record is { Fence: > 0 })
                {
                    return await manifests.MarkDeliveredAsync(context.Partition.Date, record.Fence, messageId).ConfigureAwait(false);
                }

                ManifestReply read = await manifests.ReadAsync(context.Partition.Date).ConfigureAwait(false);
                return read.Manifest switch
                {
                    null => read,
                    { State: ManifestState.Delivered } => new ManifestReply(ManifestOutcome.Absent),
                    var there => await manifests.MarkDeliveredAsync(context.Partition.Date, there.Fence, messageId).ConfigureAwait(false),
                };
            },
            cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            { Outcome: ManifestOutcome.NotAnswered } => leases.NotRecorded(reply.Fault, reply.Operation),
            { Outcome: ManifestOutcome.Applied } when !change.IsRecorded => change with { Outcome = DeliveryChangeOutcome.Recorded },
            _ => change,
        };
    }

    private async Task<(DeliveryChange Change, DeliveryRecord? Record)> ResolveAsync(TableGateway gateway, DeliveryResolution resolution)
    {
        string resolveId = DeliveryRules.NewToken();
        DeliveryRecord? seen = null;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            LookupReply found = await gateway.LookupAsync(LookupRequest.OfHeader(context.Partition, consistent: true)).ConfigureAwait(false);
            if (found.Fault is not null)
            {
                return (leases.NotRecorded(found.Fault, found.Operation), null);
            }

            DateTimeOffset now = context.Time.GetUtcNow();
            seen = found.Records is [var record] ? record.ToDelivery() : null;
            if (!IsAllowed(seen, resolution, now))
            {
                break;
            }

            UpdateReply reply = await gateway.UpdateAsync(DeliveryUpdates.Resolve(context.Partition, seen, resolveId, resolution, now)).ConfigureAwait(false);
            DeliveryRecord? after = reply.Record?.ToDelivery();
            if (reply.Fault is null || (reply.IsRefused && string.Equals(after?.ResolveId, resolveId, StringComparison.Ordinal)))
            {
                return (LeaseSteps.Changed(DeliveryChangeOutcome.Recorded, after), after);
            }

            if (!reply.IsRefused)
            {
                return (leases.NotRecorded(reply.Fault, reply.Operation), null);
            }
        }

        return (LeaseSteps.Changed(DeliveryChangeOutcome.Refused, seen), seen);
    }

    private static bool IsAllowed(DeliveryRecord? seen, DeliveryResolution resolution, DateTimeOffset now)
    {
        if (seen is { IsNewer: true } or { Status: null } || seen?.IsExpired(now) == true)
        {
            return false;
        }

        bool isLive = seen is { Status: DeliveryStatus.Sending, LeaseUntil: { } until } && DeliveryRules.MayBeHeld(until, now);

        // A sender that lives may be sending what would be taken back.
        bool mayForce = resolution.Force && resolution.Kind != DeliveryResolutionKind.MarkUnsent;
        return (!isLive || mayForce) && (seen?.Status ?? DeliveryStatus.Pending) switch
        {
            DeliveryStatus.Pending => resolution.Kind is DeliveryResolutionKind.MarkDelivered or DeliveryResolutionKind.Abandon,
            DeliveryStatus.Sending or DeliveryStatus.Failed or DeliveryStatus.Abandoned => true,
            DeliveryStatus.Delivered or DeliveryStatus.Deleting or DeliveryStatus.Deleted => false,
        };
    }
}
