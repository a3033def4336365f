using DigestStore.Records;

namespace DigestStore.Table;

internal abstract class TableReply
{
    public TableFault? Fault { get; init; }

    public double Units { get; init; }

    public string? RequestId { get; init => field = RequestIds.Known(value); }

    // The DynamoDB action that the reply belongs to, as it is named in spans and meters.
    public abstract string Operation { get; }

    // The number of items or keys in the request. 0 if the request is not a batch.
    public virtual int BatchSize => 0;

    // DynamoDB left some of the batch unprocessed, so the rest has to be sent again.
    public virtual bool IsPartial => false;

    // The attempt achieved nothing: it failed, or DynamoDB left the whole batch unprocessed. Such attempts count towards the retry limit.
    public virtual bool MadeNoProgress => Fault is not null;
}

internal sealed class PageReply : TableReply
{
    public override string Operation => "Query";

    public HeaderRecord? Header { get; init; }

    public IReadOnlyList<ItemRecord> Items { get; init; } = [];

    // The number of records in the partition that are neither a header nor an item. Other programs may write to the table, too.
    public int UnknownRecords { get; init; }

    // The number of records of the day that this version cannot read.
    public int Unreadable => UnknownRecords + (Header is { IsNewer: true } ? 1 : 0) + Items.Count(static record => !record.IsReadable);

    // The raw records of the page, if the request named no day.
    public IReadOnlyList<StoredRecord> Records { get; init; } = [];

    // The sort key at which the page ended. Null if it is the last page.
    public string? Next { get; init; }

    // The record at which the page ended. Only pages of the index have it.
    public RecordKey? NextRecord { get; init; }
}

internal sealed class LookupReply : TableReply
{
    public override string Operation => "BatchGetItem";

    public override int BatchSize => KeyCount;

    public override bool IsPartial => Unprocessed.Count > 0;

    // The requested records that exist, in no particular order.
    public IReadOnlyList<StoredRecord> Records { get; init; } = [];

    public IReadOnlyList<RecordKey> Unprocessed { get; init; } = [];

    public required int KeyCount { get; init; }

    public override bool MadeNoProgress => base.MadeNoProgress || (KeyCount > 0 && Unprocessed.Count == KeyCount);
}

internal sealed class WriteReply : TableReply
{
    public override string Operation => "BatchWriteItem";

    public override int BatchSize => Sent;

    public override bool IsPartial => Unprocessed.Count > 0;

    public IReadOnlyList<DigestItemId> Unprocessed { get; init; } = [];

    public required int Sent { get; init; }

    public override bool MadeNoProgress => base.MadeNoProgress || (Sent > 0 && Unprocessed.Count == Sent);
}

internal sealed class UpdateReply : TableReply
{
    public override string Operation => "UpdateItem";

    // The condition was false, so the record was not changed.
    public bool IsRefused => Fault?.Kind == FaultKind.ConditionFailed;

    // If the update was applied and asked for it, the record as it is now. If it was refused, the record for which the condition was false;
    // null if there is none, or if the engine does not return it, as dynalite does not.
    public StoredRecord? Record { get; init; }

    // Whether the update was applied by this attempt, or by an earlier one whose answer was lost. In the second case this attempt is refused,
    // and the record holds the token of the update, which no other update writes.
    public bool IsApplied(string tokenName, string token) =>
        Fault is null || (IsRefused && string.Equals(Record?.Text(tokenName), token, StringComparison.Ordinal));
}
