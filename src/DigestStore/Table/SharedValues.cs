using Amazon.DynamoDBv2.Model;

namespace DigestStore.Table;

// What the items of one request have in common, made once.
internal sealed class SharedValues(Partition partition)
{
    private DateTimeOffset _lastInstant;
    private AttributeValue? _instant;

    public AttributeValue Pk { get; } = ItemMapper.Text(partition.Key);

    public AttributeValue Date { get; } = ItemMapper.Text(RecordKeys.Date(partition.Date));

    public AttributeValue Version { get; } = ItemMapper.Number(Schema.Version);

    public AttributeValue FirstRevision { get; } = ItemMapper.Number(1);

    // New items have the time of the store, both as their first and as their last.
    public AttributeValue Instant(DateTimeOffset instant)
    {
        if (_instant is null || instant != _lastInstant)
        {
            (_lastInstant, _instant) = (instant, ItemMapper.Text(Instants.Write(instant)));
        }

        return _instant;
    }
}
