using System.Globalization;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Faults;

// A fault of the table → the exception that a reader gets. The SDK's own exception is not kept: a 400 echoes content.
internal static class ReadFailures
{
    public static DigestStoreException Of(TableFault fault, string action, Partition partition, string correlationId, string done = "")
    {
        DigestStoreErrorReason reason = ReasonOf(fault.Kind);
        string answer = fault switch
        {
            { Code.Length: 0 } => "",
            { Status: 0 } => $" No answer came: {fault.Code}.",
            _ => $" The answer was {fault.Code} (HTTP {fault.Status}).",
        };
        return new DigestStoreException(reason, $"{action} on table '{partition.Table}' for {RecordKeys.Date(partition.Date)} failed: {Remedy(reason, fault, action)}{answer}{done}")
        {
            CorrelationId = correlationId,
        };
    }

    // What a deletion of several records had done before it failed.
    public static string Deleted(int deleted, int of) => of < 2 ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $" {deleted} of the {of} records of this page are known to be deleted. Delete the page again: that deletes what is left.");

    public static DigestStoreException Disabled() => new(
        DigestStoreErrorReason.Disabled,
        $"The digest store is switched off, so nothing was read. Set {nameof(DigestStoreOptions)}.{nameof(DigestStoreOptions.Enabled)} to true.");

    public static ObjectDisposedException Disposed() => new(
        nameof(DigestRepository), "The digest repository is disposed and makes no request any more. Dispose of it after the last call, or make a new one.");

    public static DigestStoreException Newer(DigestItemId id, string correlationId) => new(
        DigestStoreErrorReason.NewerSchema,
        $"The record {id} was written by a newer version of DigestStore and cannot be read or deleted by this one. Update this application.")
    {
        CorrelationId = correlationId,
    };

    public static string Remedy(DigestStoreErrorReason reason, TableFault fault, string action) => reason switch
    {
        DigestStoreErrorReason.Unavailable when fault.Kind == FaultKind.Unreachable => "no connection to DynamoDB came about. Check ServiceUrl or Region, the network and its DNS, and try again.",
        DigestStoreErrorReason.Throttled => "the table admitted nothing in the attempts allowed. Try again; check its capacity if it happens often.",
        DigestStoreErrorReason.Timeout => "no answer came in time. Try again, or allow more time with ReadDeadline.",
        DigestStoreErrorReason.AccessDenied => $"access was denied. Allow dynamodb:{action} on the table, and its KMS key if it has one.",
        _ when fault.Detail is { } setting => $"the client cannot be made. {setting}",
        DigestStoreErrorReason.CredentialsRefused => "the credentials are missing, unknown or expired, or this machine's clock is wrong.",
        DigestStoreErrorReason.TableNotFound => "the table does not exist in this region and account, or is not ready. Check TableName and Region, or create it.",
        DigestStoreErrorReason.TableMismatch => "the table refused the request; its keys are not those of docs/schema.md. Check TableName.",
        DigestStoreErrorReason.Misconfigured => "the client cannot be made. Set Region or ServiceUrl, or register an IAmazonDynamoDB.",
        DigestStoreErrorReason.Disposed => "the client that the repository uses is disposed. Dispose of an IAmazonDynamoDB only after the last call, or make a new repository over a client that is in use.",
        DigestStoreErrorReason.InvalidResponse => "the answer made no sense and was not taken for data. Check ServiceUrl and what lies between.",
        _ => "the database could not be reached or answered with errors. Try again.",
    };

    private static DigestStoreErrorReason ReasonOf(FaultKind kind) => kind switch
    {
        FaultKind.Throttled => DigestStoreErrorReason.Throttled,
        FaultKind.TimedOut or FaultKind.DeadlineExceeded => DigestStoreErrorReason.Timeout,
        FaultKind.AccessDenied => DigestStoreErrorReason.AccessDenied,
        FaultKind.CredentialsRefused or FaultKind.ClockSkew => DigestStoreErrorReason.CredentialsRefused,
        FaultKind.TableNotFound => DigestStoreErrorReason.TableNotFound,
        FaultKind.Invalid => DigestStoreErrorReason.TableMismatch,
        FaultKind.Misconfigured => DigestStoreErrorReason.Misconfigured,
        FaultKind.Disposed => DigestStoreErrorReason.Disposed,
        FaultKind.InvalidResponse or FaultKind.Internal => DigestStoreErrorReason.InvalidResponse,
        _ => DigestStoreErrorReason.Unavailable,
    };
}
