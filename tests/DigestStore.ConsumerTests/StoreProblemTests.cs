using DigestStore;
using static DigestStore.StoreProblemReason;

namespace ConsumerTests;

public sealed class StoreProblemTests
{
    private static readonly StoreProblemReason[] MayPass =
    [
        CompareUnavailable, Throttled, Unavailable, DeadlineExceeded, OutcomeUnknown, Canceled, CredentialsRefused, TableNotFound, InternalError, Disposed,
        BatchRefused, HeaderNotWritten, InputBrokeOff, DeadLettersNotWritten,
    ];

    private static readonly StoreProblemReason[] NeedAChange =
    [
        ItemMissing, UrlMissing, UrlNotAbsolute, UrlSchemeNotAllowed, UrlTooLong, UrlHasUserInfo, UrlMalformed, TitleMissing, InvalidUnicode, ItemTooLarge, ItemUnreadable,
        Superseded, AccessDenied, TableMismatch, RefusedByTable, NewerSchema, Misconfigured, Disabled,
    ];

    [Fact]
    public void Every_reason_says_whether_trying_again_may_help()
    {
        Assert.Equal(Enum.GetValues<StoreProblemReason>(), MayPass.Concat(NeedAChange).Order());
        Assert.All(MayPass, static reason => Assert.True(Of(reason).IsRetryable));
        Assert.All(NeedAChange, static reason => Assert.False(Of(reason).IsRetryable));
    }

    [Fact]
    public void A_number_that_is_no_reason_is_not_worth_trying_again() => Assert.False(Of((StoreProblemReason)999).IsRetryable);

    private static StoreProblem Of(StoreProblemReason reason) => new() { Reason = reason, Message = "Why." };
}
