namespace DigestStore.Records;

// The partition of the table that holds one day of a digest.
internal readonly record struct Partition(string Table, string Digest, DateOnly Date)
{
    public string Key => RecordKeys.Partition(Digest, Date);

    public RecordKey HeaderKey => new(Key, RecordKeys.Header);
}
