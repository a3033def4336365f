using System.Diagnostics.CodeAnalysis;

namespace DigestStore.Table;

// The table of a call. If it could not be opened there is only the fault, which the steps then report like any other.
internal sealed class OpenedTable
{
    public OpenedTable(IDigestTable table) => Table = table;

    public OpenedTable(TableFault fault) => Fault = fault;

    [MemberNotNullWhen(true, nameof(Table))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsOpen => Table is not null;

    public IDigestTable? Table { get; }

    public TableFault? Fault { get; }
}
