namespace DigestStore.Records;

// What names one record of a table.
internal readonly record struct RecordKey(string PartitionKey, string SortKey);
