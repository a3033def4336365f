using DigestStore.Records;

namespace DigestStore.Table;

// A page of one partition of the table, or of its index by-status.
internal sealed record PageRequest(string Table, string PartitionKey, bool Consistent)
{
    // The day that the partition holds: the reply then has its header and its items, and else the records as they are.
    public DateOnly? Day { get; private init; }

    // The partition is one of the index, where records are sorted by gsi1sk. The index is never read consistently.
    public bool IsByStatus { get; init; }

    // The first and the last sort key, both inclusive. Null: from the first record on, or to the last.
    public string? From { get; init; }

    public string? To { get; init; }

    public bool IsDescending { get; init; }

    // At most so many records, one or more. Null: as many as 1 MB has.
    public int? Limit { get; init; }

    // Where the page before ended: PageReply.Next and, in the index, whose sort keys are not unique, PageReply.NextRecord.
    public string? After { get; init; }

    public RecordKey? AfterRecord { get; init; }

    public static PageRequest OfDay(Partition day, string? after, bool consistent) => new(day.Table, day.Key, consistent) { Day = day.Date, After = after };
}
