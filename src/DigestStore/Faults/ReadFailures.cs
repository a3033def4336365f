using System.Globalization;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Faults;

// Maps a fault of the table to the exception that a read, find or delete throws. The SDK's exception does not become its inner exception,
// because the message of an HTTP 400 can repeat the content of items.
internal static class ReadFailures
{
    private const string TryAgain = " Try again.";

    public static DigestStoreException Of(TableFault fault, string action, DayRange days, string correlationId, string deletedSoFar = "")
    {
        DigestStoreErrorReason reason = ReasonOf(fault.Kind);
        string answer = fault switch
        {
            { Code.Length: 0 } => "",
            { Remedy: not null } => $" The error was {fault.Code}.",
            { Status: 0 } => $" No answer came: {fault.Code}.",
            _ => $" The answer was {fault.Code} (HTTP {fault.Status}).",
        };
        return new DigestStoreException(reason, $"{action} on table '{days.Table}' for {days.Text} failed. {Remedy(reason, fault, action)}{answer}{deletedSoFar}")
        {
            CorrelationId = correlationId,
            Remedy = fault.Remedy,
        };
    }

    // Says how many of several records were deleted before the deletion failed; empty when there was only one record.
    public static string DeletedSoFar(int deleted, int of) => of < 2 ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $" {deleted} of the {of} records of this page are known to be deleted. Delete the page again: that deletes what is left.");

    public static string DayDeletedSoFar(int deleted) => string.Create(
        CultureInfo.InvariantCulture,
        $" {deleted} items of the day are known to be deleted. Delete the day again, after two and a half minutes at most: that deletes what is left.");

    public static DigestStoreException Disabled() => new(
        DigestStoreErrorReason.Disabled,
        "Nothing was read. " + Remedies.Of(DigestStoreErrorReason.Disabled));

    public static ObjectDisposedException Disposed() => new(
        nameof(DigestRepository), "The digest repository is disposed and makes no request any more. Dispose of it after the last call, or make a new one.");

    public static DigestStoreException NewerSchema(DigestItemId id, string correlationId) => new(
        DigestStoreErrorReason.NewerSchema,
        $"The record {id} cannot be read or deleted. {Remedies.Of(DigestStoreErrorReason.NewerSchema)}")
    {
        CorrelationId = correlationId,
    };

    public static DigestStoreException NewerDay(int records, DayRange day, string correlationId) => new(
        DigestStoreErrorReason.NewerSchema,
        string.Create(CultureInfo.InvariantCulture, $"Nothing of {day.Text} was deleted, because {records} of its records cannot be read. {Remedies.Of(DigestStoreErrorReason.NewerSchema)}"))
    {
        CorrelationId = correlationId,
    };

    public static DigestStoreException NewerHeader(DayRange day, string correlationId) => new(
        DigestStoreErrorReason.NewerSchema,
        $"The header of {day.Text} cannot be read. {Remedies.Of(DigestStoreErrorReason.NewerSchema)}")
    {
        CorrelationId = correlationId,
    };

    public static string Remedy(DigestStoreErrorReason reason, TableFault fault, string action) => fault switch
    {
        { Remedy: { } remedy } => fault.IsTransient ? remedy + TryAgain : remedy,
        { Kind: FaultKind.Unreachable } => Remedies.Unreachable + TryAgain,
        { Kind: FaultKind.AccessDenied } => $"{Remedies.Of(reason)} This request needs dynamodb:{action}.",
        { Detail: { } setting } => "The client cannot be made. " + setting,
        _ when reason is DigestStoreErrorReason.Unavailable or DigestStoreErrorReason.Throttled => Remedies.Of(reason) + TryAgain,
        _ when reason is DigestStoreErrorReason.Timeout => $"{Remedies.Of(reason)} Try again, or allow more time with {nameof(DigestStoreOptions.ReadDeadline)}.",
        _ => Remedies.Of(reason),
    };

    private static DigestStoreErrorReason ReasonOf(FaultKind kind) => kind switch
    {
        FaultKind.Throttled => DigestStoreErrorReason.Throttled,
        FaultKind.TimedOut or FaultKind.DeadlineExceeded => DigestStoreErrorReason.Timeout,
        FaultKind.AccessDenied => DigestStoreErrorReason.AccessDenied,
        FaultKind.CredentialsRefused or FaultKind.ClockSkew => DigestStoreErrorReason.CredentialsRefused,
        FaultKind.TableNotFound => DigestStoreErrorReason.TableNotFound,
        FaultKind.Invalid or FaultKind.TableMismatch => DigestStoreErrorReason.TableMismatch,
        FaultKind.Misconfigured => DigestStoreErrorReason.Misconfigured,
        FaultKind.Disposed => DigestStoreErrorReason.Disposed,
        FaultKind.InvalidResponse or FaultKind.Internal => DigestStoreErrorReason.InvalidResponse,
        FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TooLarge or FaultKind.ConditionFailed or FaultKind.Unexpected or FaultKind.Canceled => DigestStoreErrorReason.Unavailable,
    };
}
