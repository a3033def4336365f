using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Doctor.Checks;

internal static class KeySchema
{
    public static Verdict Judge(TableFacts facts) => facts.OfTable(table => Is(table, table.KeySchema, N.Pk, N.Sk)
        ? Verdict.Ok($"{Describe(table, table.KeySchema)}.")
        : Verdict.Problem(
            $"The keys are {Describe(table, table.KeySchema)}, and must be {N.Pk} (S), {N.Sk} (S).",
            "Keys cannot be changed. Correct TableName, or deploy infrastructure/digest-store.yaml for a new table."));

    // Both keys must be of type S. DynamoDB lists the partition key first.
    public static bool Is(TableDescription table, List<KeySchemaElement>? schema, string partitionKey, string sortKey) =>
        schema is [{ } partition, { } sort] &&
        partition.KeyType == KeyType.HASH && IsText(table, partition, partitionKey) &&
        sort.KeyType == KeyType.RANGE && IsText(table, sort, sortKey);

    public static string Describe(TableDescription table, List<KeySchemaElement>? schema) =>
        string.Join(", ", (schema ?? []).Select(key => $"{key.AttributeName} ({TypeOf(table, key)?.Value ?? "of no type"})"));

    private static bool IsText(TableDescription table, KeySchemaElement key, string name) =>
        string.Equals(key.AttributeName, name, StringComparison.Ordinal) && TypeOf(table, key) == ScalarAttributeType.S;

    private static ScalarAttributeType? TypeOf(TableDescription table, KeySchemaElement key) =>
        table.AttributeDefinitions?.Find(definition => string.Equals(definition.AttributeName, key.AttributeName, StringComparison.Ordinal))?.AttributeType;
}
