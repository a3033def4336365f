using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>A refusal in DynamoDB's own words.</summary>
internal sealed class DynamoDbError(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>What was there when a condition failed, if the request asked for it.</summary>
    public JsonObject? Item { get; init; }

    public static DynamoDbError Validation(string message) => new("ValidationException", message);
}
