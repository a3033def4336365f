using DigestStore.Table;

namespace DigestStore.Faults;

// A fault of the table → the reason that an item failed.
internal static class FaultReasons
{
    public static StoreProblemReason OfWrite(TableFault? fault) => fault is null ? StoreProblemReason.Throttled : fault.Kind switch
    {
        FaultKind.Throttled => StoreProblemReason.Throttled,
        FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.InvalidResponse or FaultKind.Unexpected => StoreProblemReason.Unavailable,
        FaultKind.AccessDenied => StoreProblemReason.AccessDenied,
        FaultKind.CredentialsRefused or FaultKind.ClockSkew => StoreProblemReason.CredentialsRefused,
        FaultKind.TableNotFound => StoreProblemReason.TableNotFound,
        FaultKind.Misconfigured => StoreProblemReason.Misconfigured,
        FaultKind.DeadlineExceeded => StoreProblemReason.DeadlineExceeded,
        FaultKind.Canceled => StoreProblemReason.Canceled,
        FaultKind.Disposed => StoreProblemReason.Disposed,
        FaultKind.Invalid or FaultKind.TooLarge => StoreProblemReason.RefusedByTable,
        FaultKind.ConditionFailed or FaultKind.Internal => StoreProblemReason.InternalError,
    };

    // What is wrong with the table or the credentials as such keeps its own reason; whatever else keeps compare from finishing is one.
    public static StoreProblemReason OfCompare(TableFault fault) => fault.Kind switch
    {
        FaultKind.TableNotFound => StoreProblemReason.TableNotFound,
        FaultKind.Invalid => StoreProblemReason.TableMismatch,
        FaultKind.CredentialsRefused or FaultKind.ClockSkew => StoreProblemReason.CredentialsRefused,
        FaultKind.Misconfigured => StoreProblemReason.Misconfigured,
        FaultKind.Canceled => StoreProblemReason.Canceled,
        FaultKind.Disposed => StoreProblemReason.Disposed,
        FaultKind.Throttled or FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.TooLarge or FaultKind.ConditionFailed or
        FaultKind.AccessDenied or FaultKind.InvalidResponse or FaultKind.Unexpected or FaultKind.Internal or FaultKind.DeadlineExceeded => StoreProblemReason.CompareUnavailable,
    };
}
