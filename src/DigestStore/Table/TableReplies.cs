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

    public string? Next { get; init; }
}

internal sealed class LookupReply : TableReply
{
    public override string Operation => "BatchGetItem";

    public override int BatchSize => Asked;

    public override bool IsPartial => Left > 0;

    public HeaderRecord? Header { get; init; }

    public IReadOnlyList<ItemRecord> Items { get; init; } = [];

    public bool HeaderUnprocessed { get; init; }

    public IReadOnlyList<DigestItemId> Unprocessed { get; init; } = [];

    public required int Asked { get; init; }

    public int Left => Unprocessed.Count + (HeaderUnprocessed ? 1 : 0);

    public override bool CameToNothing => base.CameToNothing || (Asked > 0 && Left == Asked);
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

internal sealed class HeaderReply : TableReply
{
    public override string Operation => "UpdateItem";

    // The condition failed, and this is the run that the header names.
    public string? RunThere { get; init; }
}
