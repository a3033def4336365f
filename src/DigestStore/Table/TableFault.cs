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

    // The repository, or something that its client needs, was disposed.
    Disposed,
}

// What is kept of an error: never its text, since a ValidationException echoes the items sent.
internal sealed record TableFault(FaultKind Kind, string Code = "", int Status = 0, string? RequestId = null)
{
    public bool IsTransient => IsPassing || Kind is FaultKind.Throttled or FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.InvalidResponse;

    // Worth repeating, though the kind as such is not.
    public bool IsPassing { get; init; }

    // The request did not go out: the call was over, the client disposed, or there was nothing to sign it with.
    public bool NotSent { get; init; }

    // Value, rule and remedy of the setting that is at fault, where that is known.
    public string? Detail { get; init; }

    // The client sends again by itself, so this answers its last send, while an earlier one may have been carried out.
    public bool MayFollowOtherSends { get; init; }

    // DynamoDB itself said that the request was not carried out, or it never went out. Every other end of a request leaves it open.
    private bool IsKnownNotDone => NotSent || (!MayFollowOtherSends && SaysNotDone);

    private bool SaysNotDone => Kind switch
    {
        FaultKind.Unreachable or FaultKind.Throttled => true,
        FaultKind.Unavailable => Status >= (int)HttpStatusCode.BadRequest && !IsServerError,
        FaultKind.ClockSkew or FaultKind.Invalid or FaultKind.TooLarge or FaultKind.ConditionFailed or FaultKind.AccessDenied or
        FaultKind.CredentialsRefused or FaultKind.TableNotFound or FaultKind.Unexpected => !IsServerError,
        FaultKind.TimedOut or FaultKind.Misconfigured or FaultKind.InvalidResponse or FaultKind.Internal or FaultKind.DeadlineExceeded or FaultKind.Canceled or FaultKind.Disposed => false,
    };

    // A server error may come after the request was carried out: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    private bool IsServerError => Status >= (int)HttpStatusCode.InternalServerError;

    // Nobody knows whether the request was carried out: it was sent, and no answer of DynamoDB's came.
    public bool IsNoAnswer => !IsKnownNotDone && !IsServerError;

    public bool MayHaveHappened => !IsKnownNotDone;

    public bool IsRefusal => Kind is FaultKind.Invalid or FaultKind.TooLarge;
}
