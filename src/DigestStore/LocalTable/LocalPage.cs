using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.LocalTable;

// Collects the records of one page and ends it where DynamoDB would. The records must come in the order of the request.
internal sealed class LocalPage(PageRequest request)
{
    private readonly List<StoredRecord> _records = [];
    private RecordKey _lastKey;
    private string? _lastIndexKey;
    private int _count;
    private int _bytes;

    // For a request of a day; whoever adds its records here counts them with Count.
    public PageBuilder? Day { get; } = request.Day is null ? null : new PageBuilder(request);

    // DynamoDB ends a page after the record that exceeds 1 MB or reaches the limit. It then tells where the next page begins, even if no
    // record follows.
    public bool IsFull => _bytes > Schema.MaxPageBytes || _count == request.Limit;

    public void Add(RecordKey key, string? indexKey, int size, Dictionary<string, AttributeValue> record)
    {
        Count(key, indexKey, size);
        if (Day is null)
        {
            _records.Add(new StoredRecord(key, record));
        }
        else
        {
            Day.Add(record);
        }
    }

    public void Count(RecordKey key, string? indexKey, int size)
    {
        (_lastKey, _lastIndexKey) = (key, indexKey);
        _count++;
        _bytes += size;
    }

    public PageReply ToReply()
    {
        double units = CapacityUnits.OfRead(_bytes, request.Consistent);
        string? next = !IsFull ? null : request.IsByStatus ? _lastIndexKey : _lastKey.SortKey;
        return Day is null
            ? new PageReply { Records = _records, Next = next, NextRecord = request.IsByStatus && next is not null ? _lastKey : null, Units = units }
            : Day.ToReply(_count, _count, isLast: next is null, next, units, requestId: null);
    }
}
