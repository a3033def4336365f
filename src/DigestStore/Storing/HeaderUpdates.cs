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
}

// The two updates of the day's header that a store call makes.
internal static class HeaderUpdates
{
    private static readonly RecordCondition IsNotNewer = new RecordCondition.Or(new RecordCondition.Absent(N.Version), new RecordCondition.AtMost(N.Version, Schema.Version));

    // This update is written before the first item, because the call may be killed before its end. It says under which identity rules ids
    // are made from now on, and does not count a run.
    public static RecordUpdate SaveIdRules(Partition partition, string idRules) => new(partition.Table, KeyOf(partition))
    {
        Changes =
        [
            new Set(N.Date, RecordKeys.Date(partition.Date)),
            new Set(N.Version, Schema.Version),
            new Set(N.IdRules, idRules),
            .. HeaderStatus.SetIfAbsent(partition, RecordKeys.PendingDelivery),
        ],
        Condition = IsNotNewer,
    };

    // This update is written after the last item. A repeated attempt recognizes by the run id that an earlier one was applied.
    public static RecordUpdate Finish(Partition partition, HeaderFinish finish) => new(partition.Table, KeyOf(partition))
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
            .. finish.ExpiredAt is null ? AddToHeader(partition, finish) : BeginAnew(partition, finish),
            finish.ExpiresAt is { } expiresAt ? new Set(N.ExpiresAt, Instants.ToEpochSeconds(expiresAt)) : new Remove(N.ExpiresAt),
        ],

        // An expired header is replaced only if its expiry is still the one that was read. Otherwise, what another call has written
        // meanwhile, a delivery for example, would be cleared.
        Condition = finish.ExpiredAt is { } expiredAt
            ? new RecordCondition.And(new RecordCondition.NotEqual(N.LastRunId, finish.RunId), IsNotNewer, new RecordCondition.Equal(N.ExpiresAt, Instants.ToEpochSeconds(expiredAt)))
            : new RecordCondition.And(new RecordCondition.NotEqual(N.LastRunId, finish.RunId), IsNotNewer),
    };

    private static AttributeChange[] AddToHeader(Partition partition, HeaderFinish finish) =>
    [
        .. HeaderStatus.SetIfAbsent(partition, RecordKeys.PendingDelivery),
        new Add(N.Runs, 1),
        new Add(N.NextOrdinal, finish.OrdinalsUsed),
    ];

    private static AttributeChange[] BeginAnew(Partition partition, HeaderFinish finish) =>
    [
        .. HeaderStatus.Set(partition, RecordKeys.PendingDelivery),
        new Set(N.Runs, 1),
        new Set(N.NextOrdinal, finish.OrdinalsUsed),
        .. DeliveryAttributes.Cleared.Select(static name => new Remove(name)),
    ];

    private static RecordKey KeyOf(Partition partition) => new(partition.Key, RecordKeys.Header);
}
