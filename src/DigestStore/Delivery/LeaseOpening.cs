using DigestStore.Manifests;

namespace DigestStore.Delivery;

// Acquires a lease, waits for a holder if that is wanted, and reads what earlier attempts announced.
internal sealed class LeaseOpening(DeliveryContext context, LeaseSteps leases)
{
    // A holder may end long before its lease, so it is not only asked for when that ends.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Task.Delay cuts fractions of a millisecond off, and would not wait at all.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    public async Task<DeliveryLease> AcquireAsync(DeliveryOptions options, CancellationToken cancellationToken)
    {
        LeaseRequest request = LeaseRequest.Of(options, context.Partition);
        long began = context.Time.GetTimestamp();
        DeliveryLease lease = context.IsDisabled ? leases.Disabled(request) : await leases.AcquireAsync(request, cancellationToken).ConfigureAwait(false);

        // The loop ends, because every round takes time, and WaitForHolder is over at last.
        while (lease is { Outcome: DeliveryLeaseOutcome.HeldByAnother, RetryAfter: { } retryAfter } &&
            options.WaitForHolder - context.Time.GetElapsedTime(began) is var left && left >= ShortestWait &&
            !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Min(left, Min(retryAfter, PollInterval)), context.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lease = await leases.AcquireAsync(request, cancellationToken).ConfigureAwait(false);
        }

        lease = lease with { Options = options };
        context.Call.Acquired(lease);
        return lease.Outcome == DeliveryLeaseOutcome.Granted ? await WithHistoryAsync(lease, cancellationToken).ConfigureAwait(false) : lease;
    }

    private async Task<DeliveryLease> WithHistoryAsync(DeliveryLease lease, CancellationToken cancellationToken)
    {
        ManifestReply read = await context.OnManifestAsync(manifests => manifests.ReadAsync(lease.Date), cancellationToken).ConfigureAwait(false);
        if (read.Outcome == ManifestOutcome.NotAnswered)
        {
            return lease with { IsHistoryUnread = true };
        }

        if (read.Manifest is { State: ManifestState.Delivered } delivered)
        {
            // The holder before was killed between the two records of its end.
            string messageId = delivered.MessageId ?? lease.MessageId;
            DateTimeOffset now = context.Time.GetUtcNow();
            await leases.CompleteAsync(lease, messageId, sentCount: null, now, cancellationToken).ConfigureAwait(false);
            return lease with { Outcome = DeliveryLeaseOutcome.AlreadyDelivered, MessageId = messageId, DeliveredAt = now };
        }

        bool isUnsettled = read.Manifest is { IsUnsettled: true };
        bool isRepeat = lease.IsRepeat || isUnsettled;
        return lease with
        {
            Seen = read.Manifest,
            IsRepeat = isRepeat,
            MessageId = (isUnsettled ? read.Manifest!.MessageId : null) ?? lease.MessageId,
            PreviousItems = isRepeat && read.Manifest is { } manifest ? SentItems.PreviousOf(manifest) : [],
        };
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
