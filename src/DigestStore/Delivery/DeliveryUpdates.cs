using DigestStore.Records;
using static DigestStore.Records.AttributeChange;
using static DigestStore.Records.RecordCondition;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Delivery;

// The updates of a day's header that a delivery makes. Each is conditional and carries a token of its own, or is monotonic, so that one whose
// answer was lost can be repeated (docs/schema.md).
internal static class DeliveryUpdates
{
    private const string LastWords = "An attempt ended without saying what became of the email.";

    // What an acquisition sets.
    private static readonly string[] Held = [N.PreviousStatus, N.Attempts, N.LeaseToken, N.LeaseOwner, N.LeaseUntil, N.MessageId];

    public static RecordUpdate Acquire(Partition partition, LeaseRequest lease, DateTimeOffset now) => Update(
        partition,
        new And([
            IsNotNewer,
            new Or(new Absent(N.ExpiresAt), new Greater(N.ExpiresAt, now.ToUnixTimeSeconds())),
            IsNot(DeliveryStatus.Delivered),
            IsNot(DeliveryStatus.Abandoned),
            IsNot(DeliveryStatus.Deleting),
            IsNot(DeliveryStatus.Deleted),
            new Or(new Absent(N.Attempts), new Less(N.Attempts, lease.MaxAttempts)),
            new NotEqual(N.LeaseToken, lease.Token),
            .. WasNotDeletedSince(lease.SentAt),
            HasEnded(lease, now),
        ]),
        [
            .. Hold(partition, lease, now),
            new Copy(N.PreviousStatus, N.Status, HeaderStatus.TextOf(DeliveryStatus.Pending)),
            new Add(N.Attempts, 1),
            SetIfAbsent(N.MessageId, lease.MessageId),
        ]);

    // Takes a header that has expired, but is still there. The condition is the expiry that was seen, so that what came meanwhile stays. A header
    // may expire while its day is sent, so the lease must be over too.
    public static RecordUpdate BeginAnew(Partition partition, LeaseRequest lease, DateTimeOffset now, DateTimeOffset expiredAt) => Update(
        partition,
        new And(IsNotNewer, new NotEqual(N.LeaseToken, lease.Token), HasEnded(lease, now), new Equal(N.ExpiresAt, expiredAt.ToUnixTimeSeconds())),
        [
            .. Hold(partition, lease, now),
            new Set(N.PreviousStatus, HeaderStatus.TextOf(DeliveryStatus.Pending)),
            new Set(N.Attempts, 1),
            new Set(N.MessageId, lease.MessageId),
            new Remove(N.ExpiresAt),
            .. HeaderAttributes.OfStores.Concat(HeaderAttributes.OfDeliveries).Except(Held, StringComparer.Ordinal).Select(static name => new Remove(name)),
        ]);

    // The header lost its fence with an earlier life, and the new one is smaller than the fence of the manifest.
    public static RecordUpdate RaiseFence(Partition partition, string token, long seen, long fence) => Update(
        partition,
        new And(IsNotNewer, new Equal(N.LeaseToken, token), Is(DeliveryStatus.Sending), new Equal(N.Fence, seen)),
        [new Set(N.Fence, fence)]);

    // The attempts are used up, and the last lease has ended. Its holder may have renewed it late, as long as nobody had taken over.
    public static RecordUpdate GiveUp(Partition partition, DeliveryRecord seen, DateTimeOffset now) => Update(
        partition,
        new And([IsNotNewer, .. StillHasLease(seen), new Or(Is(DeliveryStatus.Sending), Is(DeliveryStatus.Failed))]),
        [
            .. HeaderStatus.Set(partition, DeliveryStatus.Abandoned),
            new Remove(N.LeaseUntil),
            .. seen.Status == DeliveryStatus.Sending ? Failure(new DeliveryFailure(DeliveryFailureKind.Uncertain, LastWords), now) : [],
        ]);

    public static RecordUpdate Renew(Partition partition, string token, long until, string? checkpoint) => Update(
        partition,
        new And(IsNotNewer, new Equal(N.LeaseToken, token), Is(DeliveryStatus.Sending), new Less(N.LeaseUntil, until)),
        checkpoint is null ? [new Set(N.LeaseUntil, until)] : [new Set(N.LeaseUntil, until), new Set(N.Checkpoint, checkpoint)]);

    // The email did go. So it is accepted as long as the token is still there, also after the lease has ended.
    public static RecordUpdate Complete(Partition partition, string token, string messageId, int? sentCount, DateTimeOffset deliveredAt) => Update(
        partition,
        new And(IsNotNewer, new Equal(N.LeaseToken, token), new Or(Is(DeliveryStatus.Sending), Is(DeliveryStatus.Failed), Is(DeliveryStatus.Abandoned))),
        Delivered(partition, messageId, sentCount, deliveredAt));

    public static RecordUpdate Fail(Partition partition, string token, DeliveryStatus status, DeliveryFailure failure, bool keepsMessageId, DateTimeOffset now) => Update(
        partition,
        new And(IsNotNewer, new Equal(N.LeaseToken, token), Is(DeliveryStatus.Sending)),
        [
            .. HeaderStatus.Set(partition, status),
            new Remove(N.LeaseUntil),
            .. Failure(failure, now),
            .. keepsMessageId ? Array.Empty<AttributeChange>() : [new Remove(N.MessageId)],
        ]);

    // An operator's decision about the header as it was seen. Null: there is no header.
    public static RecordUpdate Resolve(Partition partition, DeliveryRecord? seen, string resolveId, DeliveryResolution resolution, DateTimeOffset now) => Update(
        partition,
        new And([IsNotNewer, new NotEqual(N.ResolveId, resolveId), StillHas(seen?.Status ?? DeliveryStatus.Pending), .. StillHasLease(seen)]),
        [new Set(N.ResolveId, resolveId), .. Resolved(partition, seen, resolution, now)]);

    private static AttributeChange[] Resolved(Partition partition, DeliveryRecord? seen, DeliveryResolution resolution, DateTimeOffset now) => resolution.Kind switch
    {
        DeliveryResolutionKind.MarkDelivered => Delivered(partition, seen?.MessageId ?? DeliveryRules.DefaultMessageId(partition), sentCount: null, now),
        DeliveryResolutionKind.Abandon =>
        [
            .. Base(partition, DeliveryStatus.Abandoned),
            new Remove(N.LeaseUntil),
            .. Failure(new DeliveryFailure(MayHaveBeenSent(seen) ? DeliveryFailureKind.Uncertain : DeliveryFailureKind.Permanent, resolution.Reason), now),
        ],
        DeliveryResolutionKind.Retry =>
        [
            .. Base(partition, DeliveryStatus.Failed),
            new Remove(N.LeaseUntil),
            new Set(N.Attempts, 0),
            .. seen?.Status == DeliveryStatus.Sending ? Failure(new DeliveryFailure(DeliveryFailureKind.Uncertain, LastWords), now) : [],
        ],
        DeliveryResolutionKind.MarkUnsent =>
        [
            .. Base(partition, DeliveryStatus.Failed),
            new Remove(N.LeaseUntil),
            new Set(N.Attempts, 0),
            new Remove(N.MessageId),
            new Remove(N.Checkpoint),
            .. Failure(new DeliveryFailure(DeliveryFailureKind.Retry, resolution.Reason), now),
        ],
    };

    private static bool MayHaveBeenSent(DeliveryRecord? seen) => seen is { Status: DeliveryStatus.Sending } || DeliveryStates.FailureOf(seen) is { Kind: DeliveryFailureKind.Uncertain };

    private static AttributeChange[] Hold(Partition partition, LeaseRequest lease, DateTimeOffset now) =>
    [
        .. Base(partition, DeliveryStatus.Sending),
        new Set(N.LeaseToken, lease.Token),
        new Set(N.LeaseOwner, lease.Owner),
        new Set(N.LeaseUntil, (now + lease.Duration).ToUnixTimeMilliseconds()),

        // A header that DynamoDB has removed took its fence with it. The time makes the first fence of the next one larger all the same.
        new Add(N.Fence, 1, Start: now.ToUnixTimeMilliseconds()),
    ];

    private static AttributeChange[] Delivered(Partition partition, string messageId, int? sentCount, DateTimeOffset deliveredAt) =>
    [
        .. Base(partition, DeliveryStatus.Delivered),
        new Set(N.DeliveredAt, Instants.Write(deliveredAt)),
        new Set(N.MessageId, messageId),
        sentCount is { } count ? new Set(N.SentCount, count) : new Remove(N.SentCount),
        new Copy(N.InsertedAtDelivery, N.Inserted, 0),
        new Remove(N.LeaseUntil),
        new Remove(N.Checkpoint),
        new Remove(N.FailedAt),
        new Remove(N.LastError),
    ];

    private static Or HasEnded(LeaseRequest lease, DateTimeOffset now) => new(new Absent(N.LeaseUntil), new Less(N.LeaseUntil, lease.EndedBefore(now)));

    private static RecordCondition[] WasNotDeletedSince(DateTimeOffset? sentAt) =>
        sentAt is { } sent ? [new Or(new Absent(N.DeletedAt), new Less(N.DeletedAt, sent.ToUnixTimeMilliseconds()))] : [];

    private static RecordCondition[] StillHasLease(DeliveryRecord? seen) =>
    [
        seen?.LeaseToken is { } token ? new Equal(N.LeaseToken, token) : new Absent(N.LeaseToken),
        seen?.LeaseUntil is { } until ? new Equal(N.LeaseUntil, until.ToUnixTimeMilliseconds()) : new Absent(N.LeaseUntil),
    ];

    private static RecordCondition StillHas(DeliveryStatus status) => status == DeliveryStatus.Pending ? new Or(new Absent(N.Status), Is(status)) : Is(status);

    private static AttributeChange[] Base(Partition partition, DeliveryStatus status) =>
        [new Set(N.Date, RecordKeys.Date(partition.Date)), new Set(N.Version, Schema.Version), .. HeaderStatus.Set(partition, status)];

    private static AttributeChange[] Failure(DeliveryFailure failure, DateTimeOffset now) =>
        [new Set(N.FailedAt, Instants.Write(now)), new Set(N.LastError, DeliveryStates.TextOf(failure))];

    private static Equal Is(DeliveryStatus status) => new(N.Status, HeaderStatus.TextOf(status));

    private static NotEqual IsNot(DeliveryStatus status) => new(N.Status, HeaderStatus.TextOf(status));

    private static RecordUpdate Update(Partition partition, RecordCondition condition, AttributeChange[] changes) =>
        new(partition.Table, partition.HeaderKey) { Changes = changes, Condition = condition, ReturnsRecord = true };
}
