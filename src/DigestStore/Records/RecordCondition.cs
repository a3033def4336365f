namespace DigestStore.Records;

// What must be true of a record for an update to be applied. As in DynamoDB, an attribute that is absent or has another type than the value
// makes Equal, Less, AtMost and Greater false and NotEqual true.
internal abstract record RecordCondition
{
    // No newer version of the library has written the record, so its attributes can be interpreted.
    public static RecordCondition IsNotNewer { get; } = new Or(new Absent(AttributeNames.Version), new AtMost(AttributeNames.Version, Schema.Version));

    public sealed record Absent(string Name) : RecordCondition;

    public sealed record Equal(string Name, Scalar Value) : RecordCondition;

    public sealed record NotEqual(string Name, Scalar Value) : RecordCondition;

    public sealed record Less(string Name, long Value) : RecordCondition;

    public sealed record AtMost(string Name, long Value) : RecordCondition;

    public sealed record Greater(string Name, long Value) : RecordCondition;

    // There must be at least one part.
    public sealed record And(params IReadOnlyList<RecordCondition> Parts) : RecordCondition;

    // There must be at least one part.
    public sealed record Or(params IReadOnlyList<RecordCondition> Parts) : RecordCondition;
}
