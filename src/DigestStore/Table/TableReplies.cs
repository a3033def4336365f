using DigestStore.Records;

namespace DigestStore.Table;

internal abstract class TableReply
{
    public TableFault? Fault { get; init; }

    public double Units { get; init; }

    public string? RequestId { get; init => field = RequestIds.Known(value); }

    // The action of DynamoDB that this answers.
    public abstract string Operation { get; }

    // How many items or keys the request had; 0 where it is no batch.
    public virtual int BatchSize => 0;

    // Whether some of a batch was left over.
    public virtual bool IsPartial => false;

    // Whether asking again could bring what this answer did not.
    public virtual bool CameToNothing => Fault is not null;
}

internal sealed class PageReply : TableReply
{
    public override string Operation => "Query";

    public HeaderRecord? Header { get; init; }

    public IReadOnlyList<ItemRecord> Items { get; init; } = [];

    // Records of the partition that are neither header nor item.
    public int Strangers { get; init; }

    // Of a partition that is no day: every record of the page.
    public IReadOnlyList<StoredRecord> Records { get; init; } = [];

    public string? Next { get; init; }

    // In the index alone.
    public RecordKey? NextRecord { get; init; }
}

internal sealed class LookupReply : TableReply
{
    public override string Operation => "BatchGetItem";

    public override int BatchSize => Asked;

    public override bool IsPartial => Unprocessed.Count > 0;

    // Those of the records asked for that are there, in any order.
    public IReadOnlyList<StoredRecord> Records { get; init; } = [];

    public IReadOnlyList<RecordKey> Unprocessed { get; init; } = [];

    public required int Asked { get; init; }

    public override bool CameToNothing => base.CameToNothing || (Asked > 0 && Unprocessed.Count == Asked);
}

internal sealed class WriteReply : TableReply
{
    public override string Operation => "BatchWriteItem";

    public override int BatchSize => Sent;

    public override bool IsPartial => Unprocessed.Count > 0;

    public IReadOnlyList<DigestItemId> Unprocessed { get; init; } = [];

    public required int Sent { get; init; }

    public override bool CameToNothing => base.CameToNothing || (Sent > 0 && Unprocessed.Count == Sent);
}

internal sealed class UpdateReply : TableReply
{
    public override string Operation => "UpdateItem";

    // The condition was false, and the record is as it was.
    public bool IsRefused => Fault?.Kind == FaultKind.ConditionFailed;

    // The record that the condition was false of. Null where it is not there, or not told: dynalite tells none.
    public StoredRecord? Old { get; init; }

    // Applied now, or by an earlier attempt whose answer was lost: then the update is refused, and the record has its token, which no
    // other update writes.
    public bool IsApplied(string tokenName, string token) =>
        Fault is null || (IsRefused && string.Equals(Old?.Text(tokenName), token, StringComparison.Ordinal));
}
