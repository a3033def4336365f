namespace DigestStore.Records;

// Which table and partition a request is about.
internal readonly record struct Partition(string Table, string Digest, DateOnly Date)
{
    public string Key => RecordKeys.Partition(Digest, Date);
}
