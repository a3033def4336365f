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

    // The request may have been carried out although no proper answer came.
    public bool MayHaveHappened =>
        !NotSent &&
        (Kind is FaultKind.TimedOut or FaultKind.InvalidResponse or FaultKind.DeadlineExceeded or FaultKind.Canceled || (Kind == FaultKind.Unavailable && Status == 0));

    public bool IsRefusal => Kind is FaultKind.Invalid or FaultKind.TooLarge;
}
