namespace DigestStore.Table;

internal abstract class TableReply
{
    public TableFault? Fault { get; init; }

    public double Units { get; init; }

    public string? RequestId { get; init; }

    // Whether asking again could bring what this answer did not.
    public virtual bool CameToNothing => Fault is not null;
}

internal sealed class PageReply : TableReply
{
    public HeaderRecord? Header { get; init; }

    public IReadOnlyList<ItemRecord> Items { get; init; } = [];

    // Records of the partition that are neither header nor item.
    public int Strangers { get; init; }

    public string? Next { get; init; }
}

internal sealed class LookupReply : TableReply
{
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
    public IReadOnlyList<DigestItemId> Unprocessed { get; init; } = [];

    public required int Sent { get; init; }

    public override bool CameToNothing => base.CameToNothing || (Sent > 0 && Unprocessed.Count == Sent);
}

internal sealed class HeaderReply : TableReply
{
    // The condition failed, and this is the run that the header names.
    public string? RunThere { get; init; }
}
