using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The changes of the delivery status. The status and the key in the index by-status are always set together, so that the index stays right.
internal static class HeaderStatus
{
    public static AttributeChange[] SetIfAbsent(Partition partition, string status) =>
        ChangesOf(partition, status, AttributeChange.SetIfAbsent);

    public static AttributeChange[] Set(Partition partition, string status) =>
        ChangesOf(partition, status, static (name, value) => new AttributeChange.Set(name, value));

    private static AttributeChange[] ChangesOf(Partition partition, string status, Func<string, Scalar, AttributeChange> change) =>
    [
        change(N.Status, status),
        change(N.StatusIndexPk, RecordKeys.StatusIndex(partition.Digest, status)),
        new AttributeChange.Set(N.StatusIndexSk, RecordKeys.Date(partition.Date)),
    ];
}
