using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Delivery;

// An operator's decision about a day. It is made about the header as it was read, and recorded only if that has not changed.
internal sealed class ResolveStep(DeliveryContext context, LeaseSteps leases)
{
    private const int MaxTries = 3;

    // The manifest is settled before the header where the email was sent, as a sender does it, and after it where the email was not sent. So a call
    // that is killed in between leaves links that count as sent, and can be made again.
    public async Task<DeliveryChange> RunAsync(DeliveryResolution resolution, CancellationToken cancellationToken)
    {
        (DeliveryChange change, long fence) = await context.RunAsync(gateway => ResolveAsync(gateway, resolution), cancellationToken).ConfigureAwait(false);
        if (!change.IsRecorded || resolution.Kind != DeliveryResolutionKind.MarkUnsent)
        {
            return change;
        }

        ManifestReply reply = await context.OnManifestAsync(manifests => manifests.MarkUnsentAsync(context.Partition.Date, fence), cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            { Outcome: ManifestOutcome.NotAnswered } => leases.NotRecorded(reply.Fault, reply.Operation),

            // A sender has the day by now, or has recorded there that the email was sent.
            { Outcome: ManifestOutcome.Superseded } or { Manifest.State: ManifestState.Delivered } => change with { Outcome = DeliveryChangeOutcome.Refused },
            _ => change,
        };
    }

    private async Task<(DeliveryChange Change, long Fence)> ResolveAsync(TableGateway gateway, DeliveryResolution resolution)
    {
        string resolveId = DeliveryRules.NewToken();
        DeliveryRecord? seen = null;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            LookupReply found = await gateway.LookupAsync(new LookupRequest(context.Partition.Table, [context.Partition.HeaderKey], Consistent: true)).ConfigureAwait(false);
            if (found.Fault is not null)
            {
                return (leases.NotRecorded(found.Fault, found.Operation), 0);
            }

            DateTimeOffset now = context.Time.GetUtcNow();
            seen = found.Records is [var record] ? record.ToDelivery() : null;
            if (!IsAllowed(seen, resolution, now))
            {
                break;
            }

            ManifestReply settled = resolution.Kind == DeliveryResolutionKind.MarkDelivered ? await MarkDeliveredAsync(gateway, seen).ConfigureAwait(false) : new ManifestReply(ManifestOutcome.Absent);
            if (settled.Outcome == ManifestOutcome.NotAnswered)
            {
                return (leases.NotRecorded(settled.Fault, settled.Operation), 0);
            }

            // A sender has taken the day since the header was read.
            if (settled.Outcome == ManifestOutcome.Superseded)
            {
                continue;
            }

            UpdateReply reply = await gateway.UpdateAsync(DeliveryUpdates.Resolve(context.Partition, seen, resolveId, resolution, now)).ConfigureAwait(false);
            DeliveryRecord? after = reply.Record?.ToDelivery();
            if (reply.Fault is null || (reply.IsRefused && string.Equals(after?.ResolveId, resolveId, StringComparison.Ordinal)))
            {
                return (LeaseSteps.Changed(DeliveryChangeOutcome.Recorded, after), after?.Fence ?? 0);
            }

            if (!reply.IsRefused)
            {
                return (leases.NotRecorded(reply.Fault, reply.Operation), 0);
            }
        }

        return (LeaseSteps.Changed(DeliveryChangeOutcome.Refused, seen), 0);
    }

    // A header that no sender has taken has no fence. One that was lost had one, and what was announced under that is settled too: as far as it is
    // there now, and not what a sender announces meanwhile.
    private async Task<ManifestReply> MarkDeliveredAsync(TableGateway gateway, DeliveryRecord? seen)
    {
        var manifests = new ManifestTable(gateway, context.Settings);
        long? fence = seen is { Fence: > 0 } ? seen.Fence : null;
        if (fence is null)
        {
            ManifestReply read = await manifests.ReadAsync(context.Partition.Date).ConfigureAwait(false);
            if (read.Manifest is null)
            {
                return read;
            }

            fence = read.Manifest.Fence;
        }

        return await manifests.MarkDeliveredAsync(context.Partition.Date, fence.Value, seen?.MessageId ?? DeliveryRules.DefaultMessageId(context.Partition)).ConfigureAwait(false);
    }

    private static bool IsAllowed(DeliveryRecord? seen, DeliveryResolution resolution, DateTimeOffset now)
    {
        if (seen is { IsNewer: true } or { Status: null } || seen?.IsExpired(now) == true)
        {
            return false;
        }

        bool isLive = seen is { Status: DeliveryStatus.Sending, LeaseUntil: { } until } && until + DeliveryRules.DefaultAllowance >= now;

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
