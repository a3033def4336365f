namespace DigestStore.TestSupport;

/// <summary>A refusal in DynamoDB's own words.</summary>
internal sealed class DynamoDbError(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    public static DynamoDbError Validation(string message) => new("ValidationException", message);
}
