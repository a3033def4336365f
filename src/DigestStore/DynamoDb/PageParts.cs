using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.DynamoDb;

// The records of one page, as they come from whoever reads them, on their way to a reply.
internal sealed class PageParts(PageRequest request)
{
    private readonly string _partitionKey = request.PartitionKey;
    private readonly List<ItemRecord> _items = [];
    private HeaderRecord? _header;
    private int _strangers;

    // Why this is no page of the day at all.
    public TableFault? Fault { get; private set; }

    public DateOnly Date { get; } = request.Day ?? throw new ArgumentException("The request is for no day.", nameof(request));

    // What the reader has to make of a record; what is neither item nor header is only counted.
    public RecordKind KindOf(string? partitionKey, string? sortKey, out DigestItemId id)
    {
        id = default;
        if (!string.Equals(partitionKey, _partitionKey, StringComparison.Ordinal))
        {
            Fault = ReplyReader.Foreign;
            return RecordKind.Stranger;
        }

        if (RecordKeys.TryParseItem(sortKey, out id))
        {
            return RecordKind.Item;
        }

        if (string.Equals(sortKey, RecordKeys.Header, StringComparison.Ordinal))
        {
            return RecordKind.Header;
        }

        _strangers++;
        return RecordKind.Stranger;
    }

    public void Add(ItemRecord item) => _items.Add(item);

    public void Add(HeaderRecord header)
    {
        Fault ??= _header is null ? null : ReplyReader.Invalid("HeaderTwice");
        _header = header;
    }

    // An empty day is said by a count of none. What says nothing must not pass for it, nor what says that there are items and brings none.
    public PageReply ToReply(int records, int? count, bool isLast, string? next, double units, string? requestId)
    {
        if (Fault is not null)
        {
            return new PageReply { Fault = Fault };
        }

        return records != count
            ? new PageReply { Fault = ReplyReader.Hollow }
            : new PageReply
            {
                Header = _header,
                Items = _items,
                Strangers = _strangers,
                Next = next,

                // Taken for the end, it would be a silently short day.
                Fault = isLast || next is not null ? null : ReplyReader.Invalid("LastEvaluatedKeyWithoutSortKey"),
                Units = units,
                RequestId = requestId,
            };
    }
}

internal enum RecordKind
{
    Item,
    Header,
    Stranger,
}
