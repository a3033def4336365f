namespace DigestStore.Records;

// The primary key of a record.
internal readonly record struct RecordKey(string PartitionKey, string SortKey);
