using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>One thing that went wrong in a store call.</summary>
/// <remarks>It never holds content: no title, no URL, no text of an exception.</remarks>
public sealed record StoreProblem
{
    /// <summary>The place of the item in the input, from 0.</summary>
    /// <value>Default <see langword="null"/>: the problem is not about one item.</value>
    public int? Index { get; init; }

    /// <summary>The id of the item.</summary>
    /// <value>Default <see langword="null"/>: the item is invalid and has none, or the problem is not about one item.</value>
    public DigestItemId? Id { get; init; }

    /// <summary>What became of the item.</summary>
    /// <value>Default <see langword="null"/>: the problem is not about one item.</value>
    public DigestItemOutcome? Outcome { get; init; }

    /// <summary>Why it went wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StoreProblemReason Reason { get; init; }

    /// <summary>The reason in words: the rule that was broken, and the remedy.</summary>
    public required string Message { get; init; }

    /// <summary>
    /// Whether storing the same item again later may succeed although nobody has changed anything: not the item, the settings, the
    /// permissions or the table. For a problem that is not about one item, whether storing the same input again may succeed.
    /// </summary>
    /// <value>
    /// It follows from <see cref="Reason"/>; <c>docs/results.md</c> lists the reasons. <see langword="true"/> is no promise: limit how often
    /// you try. <see langword="false"/> for a number that is no <see cref="StoreProblemReason"/>.
    /// </value>
    public bool IsRetryable => Enum.IsDefined(Reason) && MaySucceedLater(Reason);

    // There is no default case, so that the compiler reports every new reason that is missing here.
    private static bool MaySucceedLater(StoreProblemReason reason) => reason switch
    {
        StoreProblemReason.ItemMissing => false,
        StoreProblemReason.UrlMissing => false,
        StoreProblemReason.UrlNotAbsolute => false,
        StoreProblemReason.UrlSchemeNotAllowed => false,
        StoreProblemReason.UrlTooLong => false,
        StoreProblemReason.UrlHasUserInfo => false,
        StoreProblemReason.UrlMalformed => false,
        StoreProblemReason.TitleMissing => false,
        StoreProblemReason.InvalidUnicode => false,
        StoreProblemReason.ItemTooLarge => false,
        StoreProblemReason.ItemUnreadable => false,
        StoreProblemReason.Superseded => false,
        StoreProblemReason.CompareUnavailable => true,
        StoreProblemReason.Throttled => true,
        StoreProblemReason.Unavailable => true,
        StoreProblemReason.DeadlineExceeded => true,
        StoreProblemReason.OutcomeUnknown => true,
        StoreProblemReason.Canceled => true,
        StoreProblemReason.AccessDenied => false,

        // The SDK renews credentials that have expired, and asks again for those that it could not obtain.
        StoreProblemReason.CredentialsRefused => true,

        // DynamoDB gives the same answer for a table that is still being created or restored.
        StoreProblemReason.TableNotFound => true,
        StoreProblemReason.TableMismatch => false,
        StoreProblemReason.RefusedByTable => false,
        StoreProblemReason.NewerSchema => false,
        StoreProblemReason.Misconfigured => false,
        StoreProblemReason.InternalError => true,
        StoreProblemReason.Disabled => false,
        StoreProblemReason.Disposed => true,
        StoreProblemReason.BatchRefused => true,
        StoreProblemReason.HeaderNotWritten => true,
        StoreProblemReason.InputBrokeOff => true,
        StoreProblemReason.DeadLettersNotWritten => true,
    };
}
