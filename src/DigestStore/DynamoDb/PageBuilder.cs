using System.Text;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// Collects the records of one page of a day and makes the reply. ReplyReader, which reads the SDK's response, PageBody, which reads the
// bytes of the response, and the tables without DynamoDB all use it, so that they reject the same pages.
internal sealed class PageBuilder(PageRequest request)
{
    private readonly string _partitionKey = request.PartitionKey;
    private readonly byte[] _partitionKeyUtf8 = Encoding.UTF8.GetBytes(request.PartitionKey);
    private readonly List<ItemRecord> _items = [];
    private HeaderRecord? _header;
    private int _unknownRecords;

    // The tags of one record while they are read, so that each record needs no list of its own.
    public List<string> TagsOfRecord { get; } = [];

    // The reason why the response is not a page of the day, or null.
    public TableFault? Fault { get; private set; }

    public DateOnly Date { get; } = request.Day ?? throw new ArgumentException("The request is for no day.", nameof(request));

    // Tells the reader how to read a record. A record of an unknown kind is only counted.
    public RecordKind KindOf(string? partitionKey, string? sortKey, out DigestItemId id)
    {
        id = default;
        if (!string.Equals(partitionKey, _partitionKey, StringComparison.Ordinal))
        {
            Fault = ReplyReader.ForeignPartition;
            return RecordKind.Unknown;
        }

        if (RecordKeys.TryParseItem(sortKey, out id))
        {
            return RecordKind.Item;
        }

        if (string.Equals(sortKey, RecordKeys.Header, StringComparison.Ordinal))
        {
            return RecordKind.Header;
        }

        _unknownRecords++;
        return RecordKind.Unknown;
    }

    public bool IsOwnPartition(ReadOnlySpan<byte> partitionKey) => partitionKey.SequenceEqual(_partitionKeyUtf8);

    public void Add(Dictionary<string, AttributeValue>? record)
    {
        switch (KindOf(record is null ? null : ItemReader.Text(record, N.Pk), record is null ? null : ItemReader.Text(record, N.Sk), out DigestItemId id))
        {
            case RecordKind.Item:
                Add(ItemReader.Read(id, Date, record!));
                break;
            case RecordKind.Header:
                Add(HeaderReader.Read(record!));
                break;
        }
    }

    public void Add(ItemRecord item) => _items.Add(item);

    public void Add(HeaderRecord header)
    {
        Fault ??= _header is null ? null : ReplyReader.Invalid("HeaderTwice");
        _header = header;
    }

    // An empty day is a page with a count of 0. A response without a count, or with a count that differs from its records, must not be
    // taken for an empty day.
    public PageReply ToReply(int records, int? count, bool isLast, string? next, double units, string? requestId)
    {
        if (Fault is not null)
        {
            return new PageReply { Fault = Fault };
        }

        return records != count
            ? new PageReply { Fault = ReplyReader.EmptyAnswer }
            : new PageReply
            {
                Header = _header,
                Items = _items,
                UnknownRecords = _unknownRecords,
                Next = next,

                // A page that is not the last but names no next key must not be taken for the last: the day would silently lack items.
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
    Unknown,
}
