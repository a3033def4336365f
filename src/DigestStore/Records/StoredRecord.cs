using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// A record of any kind as it was read. Its attributes are read by name, so that the callers of IDigestTable do not need the SDK's types.
internal sealed class StoredRecord(RecordKey key, Dictionary<string, AttributeValue> attributes)
{
    private static readonly string[] KeyNames = [AttributeNames.Pk, AttributeNames.Sk];

    public RecordKey Key => key;

    // All but those of the key.
    public IEnumerable<string> Names => attributes.Keys.Except(KeyNames, StringComparer.Ordinal);

    // In bytes, by DynamoDB's rules.
    public int Size => AttributeSize.Of(attributes);

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

    // The values are shared, so nobody may change them.
    public Dictionary<string, AttributeValue> ToAttributes() => new(attributes, StringComparer.Ordinal);

    public bool IsEqualTo(StoredRecord? other) => other is not null && key == other.Key && ChangesFrom(other).Length == 0;

    // Whether an attribute has the same value in both records, or is absent from both.
    public bool IsEqualIn(string name, StoredRecord other) => attributes.TryGetValue(name, out AttributeValue? value) ? other.HasValue(name, value) : !other.HasAttribute(name);

    // The record as it is after the changes.
    public StoredRecord With(params IReadOnlyList<AttributeChange> changes) =>
        new(key, UpdateEvaluator.Apply(new RecordUpdate("", key) { Changes = changes }, attributes).After ?? throw new InvalidOperationException("A change adds to what is no number."));

    // The change that gives an attribute the value that it has here, or removes it.
    public AttributeChange Take(string name) => attributes.TryGetValue(name, out AttributeValue? value) ? new AttributeChange.SetValue(name, value) : new AttributeChange.Remove(name);

    // What makes this record of another one. Null: there is none yet.
    public AttributeChange[] ChangesFrom(StoredRecord? before) =>
    [
        .. Names.Where(name => before is null || !IsEqualIn(name, before)).Select(Take),
        .. (before?.Names ?? []).Where(name => !HasAttribute(name)).Select(Take),
    ];

    // True of a record whose attribute still is as it is here. Null if no condition can tell: only texts, whole numbers and absent attributes can
    // be compared.
    public RecordCondition? Still(string name) =>
        Text(name) is { Length: > 0 } text ? new RecordCondition.Equal(name, text) :
        Number(name) is { } number ? new RecordCondition.Equal(name, number) :
        HasAttribute(name) ? null : new RecordCondition.Absent(name);

    public ItemRecord ToItem(DigestItemId id, DateOnly date) => ItemReader.Read(id, date, attributes);

    private bool HasAttribute(string name) => attributes.ContainsKey(name);

    private bool HasValue(string name, AttributeValue value) => attributes.TryGetValue(name, out AttributeValue? own) && AttributeEquality.AreEqual(own, value);
}
