using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// The attribute values that the items of one request have in common. They are made once per request to save memory.
internal sealed class SharedValues(Partition partition)
{
    private readonly AttributeValue?[] _texts = new AttributeValue?[OptionalText.All.Length];
    private DateTimeOffset _lastInstant;
    private AttributeValue? _instant;

    public AttributeValue Pk { get; } = ItemMapper.Text(partition.Key);

    public AttributeValue Date { get; } = ItemMapper.Text(RecordKeys.Date(partition.Date));

    public AttributeValue Version { get; } = ItemMapper.Number(Schema.Version);

    public AttributeValue FirstRevision { get; } = ItemMapper.Number(1);

    // Items of the same source usually follow each other, so only the last value of each text is kept.
    public void AddTexts(DigestItem item, Dictionary<string, AttributeValue> attributes)
    {
        for (int index = 0; index < _texts.Length; index++)
        {
            OptionalText text = OptionalText.All[index];
            if (text.Of(item) is { } value)
            {
                AttributeValue? last = _texts[index];
                attributes[text.Attribute] = _texts[index] = last is not null && string.Equals(last.S, value, StringComparison.Ordinal) ? last : ItemMapper.Text(value);
            }
        }
    }

    // A new item has the time of the store call as createdAt and as updatedAt, so most items of a request share one value.
    public AttributeValue Instant(DateTimeOffset instant)
    {
        if (_instant is null || instant != _lastInstant)
        {
            (_lastInstant, _instant) = (instant, ItemMapper.Text(Instants.Write(instant)));
        }

        return _instant;
    }
}
