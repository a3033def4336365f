using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The status of the delivery and its key in the index by-status, which always change together.
internal static class HeaderStatus
{
    public static AttributeChange[] SetIfAbsent(Partition partition, string status) =>
        Each(partition, status, AttributeChange.SetIfAbsent);

    public static AttributeChange[] Set(Partition partition, string status) =>
        Each(partition, status, static (name, value) => new AttributeChange.Set(name, value));

    private static AttributeChange[] Each(Partition partition, string status, Func<string, Scalar, AttributeChange> change) =>
    [
        change(N.Status, status),
        change(N.StatusIndexPk, RecordKeys.StatusIndex(partition.Digest, status)),
        new AttributeChange.Set(N.StatusIndexSk, RecordKeys.Date(partition.Date)),
    ];
}
