using System.Net;

namespace DigestStore.Table;

internal enum FaultKind
{
    Throttled,

    // No connection could be opened, so nothing was sent.
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

    // The table, or the file that it is kept in, is not one that this version can work with: it belongs to another program, is damaged, or a
    // newer version has written it.
    TableMismatch,
    Misconfigured,
    InvalidResponse,

    // The error code is unknown to this version. The request is not repeated, because nothing says that a retry could help.
    Unexpected,
    Internal,
    DeadlineExceeded,
    Canceled,

    // The repository, or an object that its client needs, was disposed.
    Disposed,
}

// The reason why a request failed. The text of the error is never kept, because a ValidationException repeats the items that were sent.
internal sealed record TableFault(FaultKind Kind, string Code = "", int Status = 0, string? RequestId = null)
{
    public bool IsTransient => IsTemporary || Kind is FaultKind.Throttled or FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.InvalidResponse;

    // A retry may help, although faults of this kind usually last.
    public bool IsTemporary { get; init; }

    // The request was not sent, because the call was over, the client was disposed, no credentials were found, or a setting is wrong.
    public bool NotSent { get; init; }

    // A text for the user with the value, the rule and the remedy of the wrong setting. Null if the setting is not known.
    public string? Detail { get; init; }

    // What happened and what to do about it, from a table that is not DynamoDB. It takes the place of the general text, which is about DynamoDB.
    public string? Remedy { get; init; }

    // The table has undone the request itself, so that it is certain that nothing of it was applied.
    public bool IsUndone { get; init; }

    // The client repeats requests by itself. The fault is that of its last attempt, while an earlier one may have been applied.
    public bool MayFollowOtherSends { get; init; }

    // The request was never sent, or DynamoDB itself said that it was not applied. After any other fault it may have been applied.
    private bool IsKnownNotApplied => NotSent || IsUndone || (!MayFollowOtherSends && AnswerSaysNotApplied);

    private bool AnswerSaysNotApplied => Kind switch
    {
        FaultKind.Unreachable or FaultKind.Throttled => true,
        FaultKind.Unavailable => Status >= (int)HttpStatusCode.BadRequest && !IsServerError,
        FaultKind.ClockSkew or FaultKind.Invalid or FaultKind.TooLarge or FaultKind.ConditionFailed or FaultKind.AccessDenied or
        FaultKind.CredentialsRefused or FaultKind.TableNotFound or FaultKind.TableMismatch or FaultKind.Unexpected => !IsServerError,
        FaultKind.TimedOut or FaultKind.Misconfigured or FaultKind.InvalidResponse or FaultKind.Internal or FaultKind.DeadlineExceeded or FaultKind.Canceled or FaultKind.Disposed => false,
    };

    // DynamoDB may answer with a server error although it applied the request:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    private bool IsServerError => Status >= (int)HttpStatusCode.InternalServerError;

    // The request was sent and DynamoDB's answer did not arrive, so it is unknown whether the request was applied.
    public bool IsUnanswered => !IsKnownNotApplied && !IsServerError;

    public bool MayHaveBeenApplied => !IsKnownNotApplied;

    public bool IsRefusal => Kind is FaultKind.Invalid or FaultKind.TooLarge;
}
