using DigestStore.Delivery;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;
using static DigestStore.Records.AttributeChange;
using static DigestStore.Records.RecordCondition;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.History;

// The lease under which a day is deleted: that of its delivery, taken with the status "deleting". So nobody sends the day meanwhile, and a
// deletion that ended half-way can be taken up again when its lease is over.
internal sealed class DayLease(TableGateway gateway, Partition partition, string owner)
{
    private const int MaxRounds = 3;

    // A deletion renews its lease, and the next one should not have to wait long for the lease of one that crashed.
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(2);

    // After this time a lease that nobody renews is free for everybody.
    public static TimeSpan LongestWait { get; } = Duration + DeliveryRules.DefaultAllowance;

    // What the end of a deletion removes of the attempt. The token stays, so that a late request of the holder is still recognized.
    private static readonly string[] AttemptAttributes = [N.LeaseUntil, N.Checkpoint, N.FailedAt, N.LastError, N.InsertedAtDelivery];

    private readonly string _token = DeliveryRules.NewToken();
    private long _renewedAt;

    public long Fence { get; private set; }

    // Null if the lease was taken. "hasItems" is false for a day of which only the header is left: if it is deleted already, it stays so. A day
    // that lost its header lost its fence too, and the new one must be larger than the fence of the manifest.
    public async Task<LeaseRefusal?> TakeAsync(bool hasItems, long manifestFence)
    {
        LeaseRefusal? refusal = null;
        for (int round = 0; round < MaxRounds; round++)
        {
            DateTimeOffset now = gateway.Scope.Time.GetUtcNow();
            _renewedAt = gateway.Scope.Time.GetTimestamp();
            UpdateReply reply = await gateway.UpdateAsync(Take(now, hasItems, manifestFence)).ConfigureAwait(false);
            DeliveryRecord? header = reply.Record?.ToDelivery();
            if (reply.IsApplied(N.LeaseToken, _token))
            {
                Fence = header!.Fence;
                return null;
            }

            refusal = RefusalOf(reply, header, now, hasItems);
            if (refusal.IsFinal)
            {
                return refusal;
            }
        }

        return refusal;
    }

    // False if the lease is lost. The reply, if there is one, has the fault for which nobody knows.
    public async Task<(bool IsHeld, TableReply? Failed)> RenewIfNeededAsync()
    {
        if (gateway.Scope.Time.GetElapsedTime(_renewedAt) < Duration / 3)
        {
            return (true, null);
        }

        long began = gateway.Scope.Time.GetTimestamp();
        long until = (gateway.Scope.Time.GetUtcNow() + Duration).ToUnixTimeMilliseconds();
        (bool isHeld, TableReply? failed) = await SetAsync(N.LeaseUntil, until).ConfigureAwait(false);
        _renewedAt = isHeld ? began : _renewedAt;
        return (isHeld, failed);
    }

    // A header that was lost took its fence with it, and the clock of whoever made that of the manifest may be ahead. False if the lease is lost.
    // While it is held nobody else changes the fence, so the token is condition enough.
    public async Task<(bool IsHeld, TableReply? Failed)> RaiseFenceAsync(long above)
    {
        if (DeliveryRules.FenceAbove(above) is not { } fence)
        {
            return (false, null);
        }

        (bool isHeld, TableReply? failed) = await SetAsync(N.Fence, fence).ConfigureAwait(false);
        Fence = isHeld ? fence : Fence;
        return (isHeld, failed);
    }

    // The end of the deletion. The header stays, because it has the fence. "lastRunId" names the store call that had ended last when the items
    // were read: one that has ended since may have stored others, and then the lease is still held, and the day is not deleted.
    public async Task<DayEnd> EndAsync(string? lastRunId)
    {
        UpdateReply reply = await gateway.UpdateAsync(new RecordUpdate(partition.Table, partition.HeaderKey)
        {
            Changes =
            [
                .. HeaderStatus.Set(partition, DeliveryStatus.Deleted),
                new Set(N.DeletedAt, gateway.Scope.Time.GetUtcNow().ToUnixTimeMilliseconds()),
                .. HeaderAttributes.OfStores.Concat(AttemptAttributes).Select(static name => new Remove(name)),
            ],
            Condition = new And(IsHeld, lastRunId is null ? new Absent(N.LastRunId) : new Equal(N.LastRunId, lastRunId)),
        }).ConfigureAwait(false);
        DeliveryStatus? status = reply.IsApplied(N.LeaseToken, _token) ? reply.Record?.ToDelivery().Status : null;
        return new DayEnd
        {
            IsEnded = reply.Fault is null || status == DeliveryStatus.Deleted,
            HasNewItems = reply.IsRefused && status == DeliveryStatus.Deleting,
            Failed = reply.IsRefused ? null : reply,
        };
    }

    private async Task<(bool IsHeld, TableReply? Failed)> SetAsync(string name, long value)
    {
        UpdateReply reply = await gateway.UpdateAsync(new RecordUpdate(partition.Table, partition.HeaderKey) { Changes = [new Set(name, value)], Condition = IsHeld }).ConfigureAwait(false);
        return (reply.Fault is null, reply.IsRefused ? null : reply);
    }

    private RecordCondition IsHeld => new And(new Equal(N.LeaseToken, _token), new Equal(N.Status, HeaderStatus.TextOf(DeliveryStatus.Deleting)));

    private RecordUpdate Take(DateTimeOffset now, bool hasItems, long manifestFence)
    {
        var isFree = new Or(new Absent(N.LeaseUntil), new Less(N.LeaseUntil, (now - DeliveryRules.DefaultAllowance).ToUnixTimeMilliseconds()));
        RecordCondition[] conditions = [IsNotNewer, new NotEqual(N.LeaseToken, _token), isFree];
        return new RecordUpdate(partition.Table, partition.HeaderKey)
        {
            Changes =
            [
                new Set(N.Date, RecordKeys.Date(partition.Date)),
                new Set(N.Version, Schema.Version),
                new Copy(N.PreviousStatus, N.Status, HeaderStatus.TextOf(DeliveryStatus.Pending)),
                .. HeaderStatus.Set(partition, DeliveryStatus.Deleting),
                new Set(N.LeaseToken, _token),
                new Set(N.LeaseOwner, CallNames.Clean(owner, DeliveryRules.MaxOwnerBytes)),
                new Set(N.LeaseUntil, (now + Duration).ToUnixTimeMilliseconds()),
                new Add(N.Fence, 1, Start: Math.Max(now.ToUnixTimeMilliseconds(), manifestFence)),
            ],
            Condition = new And(hasItems ? conditions : [.. conditions, new NotEqual(N.Status, HeaderStatus.TextOf(DeliveryStatus.Deleted))]),
            ReturnsRecord = true,
        };
    }

    private static LeaseRefusal RefusalOf(UpdateReply reply, DeliveryRecord? header, DateTimeOffset now, bool hasItems)
    {
        TimeSpan retryAfter = header?.LeaseUntil is { } until && until + DeliveryRules.DefaultAllowance > now ? until + DeliveryRules.DefaultAllowance - now : TimeSpan.Zero;
        return reply switch
        {
            { IsRefused: false } => new LeaseRefusal { Failed = reply, IsFinal = true },
            _ when header is { IsNewer: true } => new LeaseRefusal { IsNewer = true, IsFinal = true },
            _ when header is { Status: DeliveryStatus.Deleted } && !hasItems => new LeaseRefusal { IsDeleted = true, IsFinal = true },
            _ => new LeaseRefusal { HeldBy = header?.LeaseOwner, RetryAfter = retryAfter, IsFinal = retryAfter > TimeSpan.Zero },
        };
    }
}

// What became of the end of a deletion. If it is neither ended nor held up by new items, another call has taken the day over.
internal sealed record DayEnd
{
    public bool IsEnded { get; init; }

    public bool HasNewItems { get; init; }

    // The reply with the fault for which nobody knows.
    public TableReply? Failed { get; init; }
}

// Why the lease could not be taken.
internal sealed record LeaseRefusal
{
    // The reply with the fault for which nobody knows.
    public TableReply? Failed { get; init; }

    public bool IsNewer { get; init; }

    public bool IsDeleted { get; init; }

    public string? HeldBy { get; init; }

    public TimeSpan RetryAfter { get; init; }

    // False if the record had changed before it could be read, so that another attempt is worth it.
    public bool IsFinal { get; init; }
}
