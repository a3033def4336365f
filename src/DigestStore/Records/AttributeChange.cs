namespace DigestStore.Records;

// What an update does to one attribute. Values of other attributes are those from before the update, as in DynamoDB.
internal abstract record AttributeChange(string Name)
{
    // An attribute that is there keeps its value, whatever its type.
    public static AttributeChange SetIfAbsent(string name, Scalar value) => new Copy(name, name, value);

    public sealed record Set(string Name, Scalar Value) : AttributeChange(Name);

    // Of an attribute that is absent, the start counts. One that is no number makes the whole update invalid.
    public sealed record Add(string Name, long Number, long Start = 0) : AttributeChange(Name);

    public sealed record Remove(string Name) : AttributeChange(Name);

    // Takes the value that another attribute has, of any type, or the default where that is absent.
    public sealed record Copy(string Name, string From, Scalar Default) : AttributeChange(Name);
}
