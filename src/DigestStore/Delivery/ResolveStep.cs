using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Delivery;

// An operator's decision about a day. It is made about the header as it was read, and recorded only if that has not changed.
internal sealed class ResolveStep(DeliveryContext context, LeaseSteps leases)
{
    private const int MaxTries = 3;

    public async Task<DeliveryChange> RunAsync(DeliveryResolution resolution, CancellationToken cancellationToken)
    {
        (DeliveryChange change, DeliveryRecord? after) = await context.RunAsync(gateway => ResolveAsync(gateway, resolution), cancellationToken).ConfigureAwait(false);
        if (change.IsRecorded && resolution.Kind == DeliveryResolutionKind.MarkDelivered && after is not null)
        {
            // What was announced is settled too. If that is not answered, it counts as sent all the same.
            await context.OnManifestAsync(
                manifests => manifests.ConfirmAsync(context.Partition.Date, after.Fence, after.MessageId ?? DeliveryRules.DefaultMessageId(context.Partition)), cancellationToken).ConfigureAwait(false);
        }

        return change;
    }

    private async Task<(DeliveryChange Change, DeliveryRecord? After)> ResolveAsync(TableGateway gateway, DeliveryResolution resolution)
    {
        string resolveId = DeliveryRules.NewToken();
        DeliveryRecord? seen = null;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            LookupReply found = await gateway.LookupAsync(new LookupRequest(context.Partition.Table, [context.Partition.HeaderKey], Consistent: true)).ConfigureAwait(false);
            if (found.Fault is not null)
            {
                return (leases.NotRecorded(found.Fault, found.Operation), null);
            }

            DateTimeOffset now = context.Time.GetUtcNow();
            seen = found.Records is [var record] ? record.ToDelivery() : null;
            if (!IsAllowed(seen, resolution, now))
            {
                return (LeaseSteps.Changed(DeliveryChangeOutcome.Refused, seen), null);
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

        return (LeaseSteps.Changed(DeliveryChangeOutcome.Refused, seen), null);
    }

    private static bool IsAllowed(DeliveryRecord? seen, DeliveryResolution resolution, DateTimeOffset now)
    {
        if (seen is { IsNewer: true } or { Status: null } || seen?.IsExpired(now) == true)
        {
            return false;
        }

        bool isLive = seen is { Status: DeliveryStatus.Sending, LeaseUntil: { } until } && until + DeliveryRules.DefaultAllowance >= now;
        return (!isLive || resolution.Force) && (seen?.Status ?? DeliveryStatus.Pending) switch
        {
            DeliveryStatus.Pending => resolution.Kind != DeliveryResolutionKind.Retry,
            DeliveryStatus.Sending or DeliveryStatus.Failed or DeliveryStatus.Abandoned => true,
            DeliveryStatus.Delivered or DeliveryStatus.Deleting or DeliveryStatus.Deleted => false,
        };
    }
}
