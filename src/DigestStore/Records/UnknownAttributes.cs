using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// Attributes that this version does not know and therefore carries through an update untouched.
internal sealed class UnknownAttributes(Dictionary<string, AttributeValue> values)
{
    public Dictionary<string, AttributeValue> Values { get; } = values;

    public int Size { get; } = AttributeSize.Of(values);
}
