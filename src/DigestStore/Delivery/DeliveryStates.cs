using DigestStore.Records;

namespace DigestStore.Delivery;

// What the header says about the delivery, as public types, and the text of a failure.
internal static class DeliveryStates
{
    private const string Separator = ": ";

    // Null for a status that this version does not know.
    public static DeliveryState? Of(DateOnly date, DeliveryRecord record, DateTimeOffset now) => record.Status is not { } status ? null : new DeliveryState
    {
        Date = date,
        Status = status,
        Attempts = record.Attempts,
        Fence = record.Fence,
        Owner = record.LeaseOwner,
        LeaseUntil = record.LeaseUntil,
        IsLeaseOverdue = status == DeliveryStatus.Sending && record.LeaseUntil + DeliveryRules.DefaultAllowance < now,
        MessageId = record.MessageId,
        DeliveredAt = record.DeliveredAt,
        SentCount = record.SentCount,
        ItemsAfterDelivery = record.ItemsAfterDelivery,
        Checkpoint = record.Checkpoint,
        FailedAt = record.FailedAt,
        LastFailure = FailureOf(record),
    };

    // A kind that is none of the enumeration says nothing.
    public static DeliveryFailureKind Known(DeliveryFailureKind kind) => Enum.IsDefined(kind) ? kind : DeliveryFailureKind.Uncertain;

    public static DeliveryOutcome OutcomeOf(DeliveryFailureKind kind) => kind switch
    {
        DeliveryFailureKind.Retry => DeliveryOutcome.Failed,
        DeliveryFailureKind.Permanent => DeliveryOutcome.Abandoned,
        DeliveryFailureKind.Uncertain => DeliveryOutcome.Uncertain,
    };

    public static DeliveryFailure? FailureOf(DeliveryRecord? record)
    {
        if (record?.LastError is not { } text)
        {
            return null;
        }

        foreach (DeliveryFailureKind kind in Enum.GetValues<DeliveryFailureKind>())
        {
            string start = KindOf(kind) + Separator;
            if (text.StartsWith(start, StringComparison.Ordinal))
            {
                return new DeliveryFailure(kind, text[start.Length..]);
            }
        }

        // Another program has written it.
        return new DeliveryFailure(DeliveryFailureKind.Uncertain, text);
    }

    public static string TextOf(DeliveryFailure failure) => KindOf(failure.Kind) + Separator + failure.Reason;

    private static string KindOf(DeliveryFailureKind kind) => kind switch
    {
        DeliveryFailureKind.Retry => "retry",
        DeliveryFailureKind.Permanent => "permanent",
        DeliveryFailureKind.Uncertain => "uncertain",
    };
}
