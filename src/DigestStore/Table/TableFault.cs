using System.Net;

namespace DigestStore.Table;

internal enum FaultKind
{
    Throttled,

    // No connection came about, so nothing was sent.
    Unreachable,
    Unavailable,
    TimedOut,
    ClockSkew,
    Invalid,
    TooLarge,
    ConditionFailed,
    AccessDenied,
    CredentialsRefused,
    TableNotFound,
    Misconfigured,
    InvalidResponse,

    // An error code that this version does not know: not worth repeating.
    Unexpected,
    Internal,
    DeadlineExceeded,
    Canceled,
}

// What is kept of an error: never its text, since a ValidationException echoes the items sent.
internal sealed record TableFault(FaultKind Kind, string Code = "", int Status = 0, string? RequestId = null)
{
    public bool IsTransient => Kind is FaultKind.Throttled or FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.InvalidResponse;

    // The call was over before the request went out.
    public bool NotSent { get; init; }

    // Nobody knows whether the request was carried out: it was sent, and no proper answer came.
    public bool IsNoAnswer =>
        !NotSent &&
        (Kind is FaultKind.TimedOut or FaultKind.InvalidResponse or FaultKind.DeadlineExceeded or FaultKind.Canceled || (Kind == FaultKind.Unavailable && Status == 0));

    // A server error may come after the request was carried out: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    public bool MayHaveHappened => IsNoAnswer || (Kind == FaultKind.Unavailable && Status >= (int)HttpStatusCode.InternalServerError);

    public bool IsRefusal => Kind is FaultKind.Invalid or FaultKind.TooLarge;
}
