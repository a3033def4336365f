using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// A record of any kind, as it was read. Its attributes are told by name, so that nobody above the port needs the SDK's values.
internal sealed class StoredRecord(RecordKey key, Dictionary<string, AttributeValue> attributes)
{
    public RecordKey Key => key;

    // Null where the attribute is absent or of another type.
    public string? Text(string name) => ItemReader.Text(attributes, name);

    public HeaderRecord ToHeader() => HeaderReader.Read(attributes);

    public ItemRecord ToItem(DigestItemId id, DateOnly date) => ItemReader.Read(id, date, attributes);
}
