using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The delivery status as it is stored, and its changes. The status and the key in the index by-status are always set together, so that the
// index stays right.
internal static class HeaderStatus
{
    public static string TextOf(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Pending => "pending",
        DeliveryStatus.Sending => "sending",
        DeliveryStatus.Delivered => "delivered",
        DeliveryStatus.Failed => "failed",
        DeliveryStatus.Abandoned => "abandoned",
        DeliveryStatus.Deleting => "deleting",
        DeliveryStatus.Deleted => "deleted",
    };

    // Null for a status that this version does not know.
    public static DeliveryStatus? Parse(string? text)
    {
        foreach (DeliveryStatus status in Enum.GetValues<DeliveryStatus>())
        {
            if (string.Equals(TextOf(status), text, StringComparison.Ordinal))
            {
                return status;
            }
        }

        return null;
    }

    public static AttributeChange[] SetIfAbsent(Partition partition, DeliveryStatus status) =>
        ChangesOf(partition, TextOf(status), AttributeChange.SetIfAbsent);

    public static AttributeChange[] Set(Partition partition, DeliveryStatus status) =>
        ChangesOf(partition, TextOf(status), static (name, value) => new AttributeChange.Set(name, value));

    private static AttributeChange[] ChangesOf(Partition partition, string status, Func<string, Scalar, AttributeChange> change) =>
    [
        change(N.Status, status),
        change(N.StatusIndexPk, RecordKeys.StatusIndex(partition.Digest, status)),
        new AttributeChange.Set(N.StatusIndexSk, RecordKeys.Date(partition.Date)),
    ];
}
