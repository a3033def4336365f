namespace DigestStore.Records;

// A change of one record, as data: the adapter for DynamoDB writes it as expressions, UpdateEvaluator carries it out itself.
internal sealed record RecordUpdate(string Table, RecordKey Key)
{
    // One or more. Each attribute at most once, and never one of the key.
    public required IReadOnlyList<AttributeChange> Changes { get; init; }

    // Null: the update is made in any case. A record that is not there has no attributes; an update of it creates it.
    public RecordCondition? Condition { get; init; }
}
