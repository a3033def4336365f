using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The attributes of the header that belong to its current life. Whoever begins a header anew removes those that it does not set.
internal static class HeaderAttributes
{
    // What only a store call writes, except when the header expires.
    public static IReadOnlyList<string> OfStores { get; } =
        [N.LastStoreStatus, N.StoredAt, N.Runs, N.LastRunId, N.NextOrdinal, N.Inserted, N.CorrelationId, N.IdRules];

    // What a delivery writes, except the status. The fence is not one of these, since it may only grow: a sender that was held up must not pass
    // for the newest one. Nor is the time of the last deletion, which tells emails that were sent before it.
    public static IReadOnlyList<string> OfDeliveries { get; } =
    [
        N.PreviousStatus, N.Attempts, N.LeaseToken, N.LeaseOwner, N.LeaseUntil, N.MessageId, N.DeliveredAt, N.SentCount, N.InsertedAtDelivery,
        N.Checkpoint, N.FailedAt, N.LastError, N.ResolveId,
    ];
}
