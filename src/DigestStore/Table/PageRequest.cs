using DigestStore.Records;

namespace DigestStore.Table;

// Requests a page of one partition of the table, or of its index by-status.
internal sealed record PageRequest(string Table, string PartitionKey, bool Consistent)
{
    // The day that the partition holds. The reply then has the header and the items of the day. Null: the reply has the raw records.
    public DateOnly? Day { get; private init; }

    // The partition is one of the index, whose sort key is gsi1sk. DynamoDB cannot read an index consistently.
    public bool IsByStatus { get; init; }

    // The first sort key of the range, inclusive. Null: the range begins with the first record.
    public string? From { get; init; }

    // The last sort key of the range, inclusive. Null: the range ends with the last record.
    public string? To { get; init; }

    public bool IsDescending { get; init; }

    // The largest number of records in the page, at least 1. Null: the page ends at 1 MB, DynamoDB's own limit.
    public int? Limit { get; init; }

    // The sort key at which the page before ended, from PageReply.Next. Null: this is the first page.
    public string? After { get; init; }

    // The record at which the page before ended, from PageReply.NextRecord. Only the index needs it, because its sort keys are not unique.
    public RecordKey? AfterRecord { get; init; }

    public static PageRequest OfDay(Partition day, string? after, bool consistent) => new(day.Table, day.Key, consistent) { Day = day.Date, After = after };
}
