using DigestStore.Table;

namespace DigestStore.Faults;

// Maps a fault of the table to the reason with which an item is reported.
internal static class FaultReasons
{
    // The fault is null if DynamoDB returned items as unprocessed. It does that when it throttles, and reports no error.
    public static StoreProblemReason OfWrite(TableFault? fault) => fault is null ? StoreProblemReason.Throttled : fault.Kind switch
    {
        FaultKind.Throttled => StoreProblemReason.Throttled,
        FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.InvalidResponse or FaultKind.Unexpected => StoreProblemReason.Unavailable,
        FaultKind.AccessDenied => StoreProblemReason.AccessDenied,
        FaultKind.CredentialsRefused or FaultKind.ClockSkew => StoreProblemReason.CredentialsRefused,
        FaultKind.TableNotFound => StoreProblemReason.TableNotFound,
        FaultKind.TableMismatch => StoreProblemReason.TableMismatch,
        FaultKind.Misconfigured => StoreProblemReason.Misconfigured,
        FaultKind.DeadlineExceeded => StoreProblemReason.DeadlineExceeded,
        FaultKind.Canceled => StoreProblemReason.Canceled,
        FaultKind.Disposed => StoreProblemReason.Disposed,
        FaultKind.Invalid or FaultKind.TooLarge => StoreProblemReason.RefusedByTable,
        FaultKind.ConditionFailed or FaultKind.Internal => StoreProblemReason.InternalError,
    };

    // Comparing items with the stored records failed. Faults of the table itself, of the credentials and of the settings keep their own
    // reasons, because someone has to correct them. All others have one reason: the comparison could not be finished.
    public static StoreProblemReason OfCompare(TableFault fault) => fault.Kind switch
    {
        FaultKind.TableNotFound => StoreProblemReason.TableNotFound,
        FaultKind.Invalid or FaultKind.TableMismatch => StoreProblemReason.TableMismatch,
        FaultKind.CredentialsRefused or FaultKind.ClockSkew => StoreProblemReason.CredentialsRefused,
        FaultKind.Misconfigured => StoreProblemReason.Misconfigured,
        FaultKind.Canceled => StoreProblemReason.Canceled,
        FaultKind.Disposed => StoreProblemReason.Disposed,
        FaultKind.Throttled or FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.TooLarge or FaultKind.ConditionFailed or
        FaultKind.AccessDenied or FaultKind.InvalidResponse or FaultKind.Unexpected or FaultKind.Internal or FaultKind.DeadlineExceeded => StoreProblemReason.CompareUnavailable,
    };
}
