using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// What the items of one request have in common, made once.
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

    // Items come in runs of one source.
    public AttributeValue? Source(string? text) => Same(ref _source, text);

    public AttributeValue? Category(string? text) => Same(ref _category, text);

    public AttributeValue? Author(string? text) => Same(ref _author, text);

    // New items have the time of the store, both as their first and as their last.
    public AttributeValue Instant(DateTimeOffset instant)
    {
        if (_instant is null || instant != _lastInstant)
        {
            (_lastInstant, _instant) = (instant, ItemMapper.Text(Instants.Write(instant)));
        }

        return _instant;
    }

    private static AttributeValue? Same(ref AttributeValue? last, string? text)
    {
        if (text is null)
        {
            return null;
        }

        return last is not null && string.Equals(last.S, text, StringComparison.Ordinal) ? last : last = ItemMapper.Text(text);
    }
}
