using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// The attribute values that the items of one request have in common. They are made once per request to save memory.
internal sealed class SharedValues(Partition partition)
{
    private DateTimeOffset _lastInstant;
    private AttributeValue? _instant;
    private AttributeValue? _source;
    private AttributeValue? _category;
    private AttributeValue? _author;

    public AttributeValue Pk { get; } = ItemMapper.Text(partition.Key);

    public AttributeValue Date { get; } = ItemMapper.Text(RecordKeys.Date(partition.Date));

    public AttributeValue Version { get; } = ItemMapper.Number(Schema.Version);

    public AttributeValue FirstRevision { get; } = ItemMapper.Number(1);

    // Items of the same source usually follow each other, so only the last value of each field is kept.
    public AttributeValue? Source(string? text) => Reuse(ref _source, text);

    public AttributeValue? Category(string? text) => Reuse(ref _category, text);

    public AttributeValue? Author(string? text) => Reuse(ref _author, text);

    // A new item has the time of the store call as createdAt and as updatedAt, so most items of a request share one value.
    public AttributeValue Instant(DateTimeOffset instant)
    {
        if (_instant is null || instant != _lastInstant)
        {
            (_lastInstant, _instant) = (instant, ItemMapper.Text(Instants.Write(instant)));
        }

        return _instant;
    }

    private static AttributeValue? Reuse(ref AttributeValue? last, string? text)
    {
        if (text is null)
        {
            return null;
        }

        return last is not null && string.Equals(last.S, text, StringComparison.Ordinal) ? last : last = ItemMapper.Text(text);
    }
}
