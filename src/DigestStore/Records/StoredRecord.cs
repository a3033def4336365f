using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// A record of any kind as it was read. Its attributes are read by name, so that the callers of IDigestTable do not need the SDK's types.
internal sealed class StoredRecord(RecordKey key, Dictionary<string, AttributeValue> attributes)
{
    public RecordKey Key => key;

    // Null if the attribute is absent or not a text.
    public string? Text(string name) => ItemReader.Text(attributes, name);

    // Null if the attribute is absent or not a whole number of 64 bits.
    public long? Number(string name) =>
        long.TryParse(ItemReader.Digits(attributes, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    // Null if the attribute is absent or no time.
    public DateTimeOffset? Instant(string name) => Instants.Read(Text(name));

    // Null if the attribute is absent or not binary.
    public ReadOnlyMemory<byte>? Bytes(string name) =>
        attributes.TryGetValue(name, out AttributeValue? value) && value?.B is { } bytes ? bytes.ToArray() : null;

    public bool IsNewer => ItemReader.IsNewer(attributes);

    public HeaderRecord ToHeader() => HeaderReader.Read(attributes);

    public DeliveryRecord ToDelivery() => DeliveryRecord.Read(this);

    public ItemRecord ToItem(DigestItemId id, DateOnly date) => ItemReader.Read(id, date, attributes);
}
