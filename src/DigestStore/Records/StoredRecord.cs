using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// A record of any kind as it was read. Its attributes are read by name, so that the callers of IDigestTable do not need the SDK's types.
internal sealed class StoredRecord(RecordKey key, Dictionary<string, AttributeValue> attributes)
{
    public RecordKey Key => key;

    // Null if the attribute is absent or not a text.
    public string? Text(string name) => ItemReader.Text(attributes, name);

    public HeaderRecord ToHeader() => HeaderReader.Read(attributes);

    public ItemRecord ToItem(DigestItemId id, DateOnly date) => ItemReader.Read(id, date, attributes);
}
