using Amazon.DynamoDBv2.Model;
using DigestStore.Table;

namespace DigestStore.LocalTable;

// What a table without DynamoDB answers where DynamoDB refuses a request.
internal static class LocalFaults
{
    public static TableFault Invalid { get; } = new(FaultKind.Invalid, "ValidationException", 400);

    public static TableFault ConditionFailed { get; } = new(FaultKind.ConditionFailed, nameof(ConditionalCheckFailedException), 400);
}
