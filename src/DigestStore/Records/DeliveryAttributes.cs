using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The attributes of the header that a delivery writes, other than the status.
internal static class DeliveryAttributes
{
    // Whoever begins a header anew removes these attributes. The fence is not one of them, since it may only grow: a sender that was held up must
    // not pass for the newest one.
    public static IReadOnlyList<string> Cleared { get; } =
    [
        N.PreviousStatus, N.Attempts, N.LeaseToken, N.LeaseOwner, N.LeaseUntil, N.MessageId, N.DeliveredAt, N.SentCount, N.InsertedAtDelivery,
        N.Checkpoint, N.FailedAt, N.LastError, N.ResolveId,
    ];
}
