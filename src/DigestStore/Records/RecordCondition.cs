namespace DigestStore.Records;

// What has to be true of a record for an update of it. Of an attribute that is absent, or of another type than the value, Equal, Less,
// AtMost and Greater are false and NotEqual is true, as in DynamoDB.
internal abstract record RecordCondition
{
    public sealed record Absent(string Name) : RecordCondition;

    public sealed record Equal(string Name, Scalar Value) : RecordCondition;

    public sealed record NotEqual(string Name, Scalar Value) : RecordCondition;

    public sealed record Less(string Name, long Value) : RecordCondition;

    public sealed record AtMost(string Name, long Value) : RecordCondition;

    public sealed record Greater(string Name, long Value) : RecordCondition;

    // Of one part or more.
    public sealed record And(params IReadOnlyList<RecordCondition> Parts) : RecordCondition;

    // Of one part or more.
    public sealed record Or(params IReadOnlyList<RecordCondition> Parts) : RecordCondition;
}
