using DigestStore.Records;
using static DigestStore.Records.AttributeChange;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Storing;

// What a store call writes into the day's header at its end.
internal sealed record HeaderFinish
{
    public required string RunId { get; init; }

    public required string CorrelationId { get; init; }

    public required string StoreStatus { get; init; }

    public required string IdRules { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    public required int OrdinalsUsed { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    // The time at which the existing header expired; null if it has not. An expired header may still be in the table until DynamoDB removes
    // it. Its values are then replaced instead of being added to.
    public DateTimeOffset? ExpiredAt { get; init; }

    // The existing header is that of a deleted day, which begins anew too.
    public bool IsDeleted { get; init; }

    // How many items the store has inserted. What came after the delivery is the difference to their number at the delivery.
    public required int Inserted { get; init; }

    public bool BeginsAnew => ExpiredAt is not null || IsDeleted;
}

// The two updates of the day's header that a store call makes.
internal static class HeaderUpdates
{
    // Clocks of different machines may differ by this much.
    private static readonly TimeSpan ClockSkewAllowance = new DeliveryOptions().ClockSkewAllowance;

    // This update is written before the first item, because the call may be killed before its end. It says under which identity rules ids
    // are made from now on, and does not count a run.
    public static RecordUpdate SaveIdRules(Partition partition, string idRules) => new(partition.Table, partition.HeaderKey)
    {
        Changes =
        [
            new Set(N.Date, RecordKeys.Date(partition.Date)),
            new Set(N.Version, Schema.Version),
            new Set(N.IdRules, idRules),
            .. HeaderStatus.SetIfAbsent(partition, DeliveryStatus.Pending),
        ],
        Condition = RecordCondition.IsNotNewer,
    };

    // This update is written after the last item. A repeated attempt recognizes by the run id that an earlier one was applied.
    public static RecordUpdate Finish(Partition partition, HeaderFinish finish) => new(partition.Table, partition.HeaderKey)
    {
        Changes =
        [
            new Set(N.Date, RecordKeys.Date(partition.Date)),
            new Set(N.Version, Schema.Version),
            new Set(N.LastStoreStatus, finish.StoreStatus),
            new Set(N.StoredAt, Instants.Write(finish.StoredAt)),
            new Set(N.LastRunId, finish.RunId),
            new Set(N.CorrelationId, finish.CorrelationId),
            new Set(N.IdRules, finish.IdRules),
            .. finish.BeginsAnew ? BeginAnew(partition, finish) : AddToHeader(partition, finish),
            finish.ExpiresAt is { } expiresAt ? new Set(N.ExpiresAt, Instants.ToEpochSeconds(expiresAt)) : new Remove(N.ExpiresAt),
        ],

        // A header is replaced only if it is still the one that was read. Otherwise, what another call has written
        // meanwhile, a delivery for example, would be cleared. And one of a day that was deleted meanwhile is not added to: a day with items
        // that is still called deleted would never be sent.
        Condition = new RecordCondition.And(
            new RecordCondition.NotEqual(N.LastRunId, finish.RunId),
            RecordCondition.IsNotNewer,
            finish.BeginsAnew ? IsStillAsRead(finish) : new RecordCondition.NotEqual(N.Status, HeaderStatus.TextOf(DeliveryStatus.Deleted))),
    };

    private static AttributeChange[] AddToHeader(Partition partition, HeaderFinish finish) =>
    [
        .. HeaderStatus.SetIfAbsent(partition, DeliveryStatus.Pending),
        new Add(N.Runs, 1),
        new Add(N.NextOrdinal, finish.OrdinalsUsed),
        new Add(N.Inserted, finish.Inserted),
    ];

    // The fence stays, because it may only grow.
    private static AttributeChange[] BeginAnew(Partition partition, HeaderFinish finish) =>
    [
        .. HeaderStatus.Set(partition, DeliveryStatus.Pending),
        new Set(N.Runs, 1),
        new Set(N.NextOrdinal, finish.OrdinalsUsed),
        new Set(N.Inserted, finish.Inserted),
        .. HeaderAttributes.OfDeliveries.Select(static name => new Remove(name)),
    ];

    // What another call has written meanwhile, a delivery for example, must not be cleared. A header may expire while its day is sent.
    private static RecordCondition IsStillAsRead(HeaderFinish finish) => finish.ExpiredAt is { } expiredAt
        ? new RecordCondition.And(
            new RecordCondition.Equal(N.ExpiresAt, Instants.ToEpochSeconds(expiredAt)),
            new RecordCondition.Or(new RecordCondition.Absent(N.LeaseUntil), new RecordCondition.Less(N.LeaseUntil, (finish.StoredAt - ClockSkewAllowance).ToUnixTimeMilliseconds())))
        : new RecordCondition.Equal(N.Status, HeaderStatus.TextOf(DeliveryStatus.Deleted));
}
