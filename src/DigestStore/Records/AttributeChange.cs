using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// A change that an update makes to one attribute. A change that reads another attribute reads the value that the attribute had before the
// update, as in DynamoDB.
internal abstract record AttributeChange(string Name)
{
    // An existing attribute keeps its value, whatever its type is.
    public static AttributeChange SetIfAbsent(string name, Scalar value) => new Copy(name, name, value);

    public sealed record Set(string Name, Scalar Value) : AttributeChange(Name);

    // Conditions cannot compare bytes, so bytes are no Scalar.
    public sealed record SetBytes(string Name, ReadOnlyMemory<byte> Bytes) : AttributeChange(Name);

    // A value of any type, as another record has it.
    public sealed record SetValue(string Name, AttributeValue Value) : AttributeChange(Name);

    // Adds to the start if the attribute is absent. If the attribute is not a number, the whole update is invalid.
    public sealed record Add(string Name, long Number, long Start = 0) : AttributeChange(Name);

    public sealed record Remove(string Name) : AttributeChange(Name);

    // Takes the value of another attribute, of any type, or the default if that attribute is absent.
    public sealed record Copy(string Name, string From, Scalar Default) : AttributeChange(Name);
}
