using System.Globalization;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Doctor;

// Why a request had no usable answer, and what to do about it. The text of an exception is not passed on, because it may come from an unknown
// service.
internal sealed record AnswerFailure(string Finding, string Remedy)
{
    public const string DescribeTable = "DescribeTable";
    private const string Again = "then run the doctor again.";

    // True if the engine does not know the operation. Local engines lack some of those that AWS has.
    public bool IsUnknownOperation { get; private init; }

    // True if DynamoDB refused the request itself, because the table has other keys or indexes than the request names.
    public bool IsRefusal { get; private init; }

    // Every DynamoDB engine, however small, knows DescribeTable and Query, so what does not know them is another service.
    public static AnswerFailure UnknownOperation(string operation) => operation is DescribeTable || operation.StartsWith("Query", StringComparison.Ordinal)
        ? new($"What answers does not know {operation}, so it is no DynamoDB.", "Correct ServiceUrl, and AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB in the environment: they lead to another service.")
        : new($"This engine has no {operation}, as local engines have not; AWS has it.", "") { IsUnknownOperation = true };

    public static AnswerFailure Of(TableFault fault, string operation, DigestStoreOptions options)
    {
        string answer = fault.Status == 0 ? fault.Code : string.Create(CultureInfo.InvariantCulture, $"{fault.Code}, HTTP {fault.Status}");
        string right = operation.Contains(AttributeNames.StatusIndex, StringComparison.Ordinal) ? $"dynamodb:Query on its index {AttributeNames.StatusIndex}" : $"dynamodb:{operation.Split(' ')[0]} on it";
        return fault.Kind switch
        {
            FaultKind.TableNotFound => new($"There is no table '{options.TableName}' in this account and region.", "Deploy infrastructure/digest-store.yaml, or correct TableName, Region or ServiceUrl. For development, DigestTable.EnsureCreatedAsync creates a table."),
            FaultKind.AccessDenied => new($"{operation} was denied ({answer}).", $"Attach the operator's policy of the table to the role that asks; it allows {right}, and the use of the table's key. `aws sts get-caller-identity` says which role that is."),
            FaultKind.CredentialsRefused => new($"The credentials are missing, unknown or expired ({answer}).", "`aws sts get-caller-identity` says which ones are found, if any; `aws sso login` or new keys mend it."),
            FaultKind.ClockSkew => new($"DynamoDB refused the request for its time ({answer}): this machine's clock is wrong.", $"Set the clock by the network's time: `timedatectl set-ntp true`; the check {TableCheck.ClockName} says how far it is off."),
            FaultKind.Throttled => new($"{operation} was throttled ({answer}).", "Wait a minute, " + Again),
            FaultKind.TimedOut => new($"{operation} had no answer within {options.Deadline.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s.", "Check the network between this machine and DynamoDB, and the service's health; " + Again),
            FaultKind.Unreachable => new($"No connection came about ({answer}).", "Check ServiceUrl or Region, the network and its DNS; " + Again),
            FaultKind.Misconfigured => new($"The client cannot be made, or cannot send ({answer}).", "Set Region or ServiceUrl, or register an IAmazonDynamoDB."),
            FaultKind.Disposed => new("The client is disposed.", "Dispose of an IAmazonDynamoDB only after the last inspection."),
            FaultKind.InvalidResponse or FaultKind.Internal => new($"The answer to {operation} made no sense ({answer}).", "Check ServiceUrl, and the proxies between this machine and DynamoDB; " + Again),
            _ => new($"{operation} failed ({answer}).", "Check the service's health; " + Again) { IsRefusal = fault.IsRefusal },
        };
    }
}
