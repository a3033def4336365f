namespace DigestStore.Records;

// The version of the stored records, and DynamoDB's limits for them.
internal static class Schema
{
    public const int Version = 1;

    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html
    public const int MaxItemBytes = 400 * 1024;
    public const int MaxBatchWriteItems = 25;
    public const int MaxBatchGetKeys = 100;
    public const int MaxRequestBytes = 16 * 1024 * 1024;
    public const int MaxPageBytes = 1024 * 1024;
    public const int MaxPartitionKeyBytes = 2048;
    public const int MaxSortKeyBytes = 1024;
}
