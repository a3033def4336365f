using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// The attributes of a record that this version does not know. They are written back unchanged, because a put replaces the whole record.
internal sealed class UnknownAttributes(Dictionary<string, AttributeValue> values)
{
    public Dictionary<string, AttributeValue> Values { get; } = values;

    public int Size { get; } = AttributeSize.Of(values);
}
