namespace DigestStore.Records;

// A change of one record, described as data, so that the DynamoDB adapter can render it as an expression and UpdateEvaluator can apply it
// in memory.
internal sealed record RecordUpdate(string Table, RecordKey Key)
{
    // At least one change. DynamoDB refuses two changes of one attribute, and a change of a key attribute.
    public required IReadOnlyList<AttributeChange> Changes { get; init; }

    // Null: the update is always applied. A record that does not exist counts as one without attributes, and the update creates it.
    public RecordCondition? Condition { get; init; }

    // Whether the reply to an update that was applied has the record as it is after it.
    public bool ReturnsRecord { get; init; }
}
