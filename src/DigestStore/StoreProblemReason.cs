using System.Text.Json.Serialization;

namespace DigestStore;

/// <summary>Why an item was rejected or failed, or what else went wrong in a store call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StoreProblemReason>))]
public enum StoreProblemReason
{
    /// <summary>Rejected: the element is <see langword="null"/>.</summary>
    ItemMissing = 0,

    /// <summary>Rejected: the URL is <see langword="null"/>, empty or blank.</summary>
    UrlMissing = 1,

    /// <summary>Rejected: the URL has no scheme, so it is relative to an unknown page.</summary>
    UrlNotAbsolute = 2,

    /// <summary>Rejected: the scheme is not http or https (<c>javascript:</c>, <c>file:</c>, <c>mailto:</c> and the like).</summary>
    UrlSchemeNotAllowed = 3,

    /// <summary>Rejected: the URL has more than 2,048 characters.</summary>
    UrlTooLong = 4,

    /// <summary>Rejected: the URL carries a user name or password before its host.</summary>
    UrlHasUserInfo = 5,

    /// <summary>Rejected: the URL is not well-formed, for example its host or port.</summary>
    UrlMalformed = 6,

    /// <summary>Rejected: the title is <see langword="null"/> or empty, or has nothing but white space and invisible characters.</summary>
    TitleMissing = 7,

    /// <summary>Rejected: a text has half of a surrogate pair, which is no character; it would be stored as another text.</summary>
    InvalidUnicode = 8,

    /// <summary>Rejected: the whole record would have more than 409,600 bytes (400 KB), DynamoDB's limit for one item; the message names its large fields.</summary>
    ItemTooLarge = 9,

    /// <summary>Rejected: reading the item's own tags or metadata threw.</summary>
    ItemUnreadable = 10,

    /// <summary>Rejected, in a replay of dead letters: the table has another record for the same canonical URL than the letter may replace.</summary>
    Superseded = 11,

    /// <summary>Failed: what is stored could not be read, so nothing was written over it blindly.</summary>
    CompareUnavailable = 20,

    /// <summary>Failed: because of throttling, DynamoDB accepted no write in the attempts allowed.</summary>
    Throttled = 21,

    /// <summary>Failed: the database could not be reached, or answered with errors, in the attempts allowed. After a server error (5xx) the item may be stored all the same.</summary>
    Unavailable = 22,

    /// <summary>Failed: the deadline of the call came before the item was sent.</summary>
    DeadlineExceeded = 23,

    /// <summary>
    /// Failed: the item was sent, and it is not known whether it is stored. One of its requests got no answer; or one got a server error (5xx),
    /// and then something else ended the call.
    /// </summary>
    OutcomeUnknown = 24,

    /// <summary>Failed: the caller's token ended the call before the item was sent.</summary>
    Canceled = 25,

    /// <summary>Failed: the credentials lack a permission, or the table's encryption key cannot be used.</summary>
    AccessDenied = 26,

    /// <summary>Failed: the credentials are missing, unknown or expired, or cannot be obtained.</summary>
    CredentialsRefused = 27,

    /// <summary>Failed: the table does not exist in this region and account, or is still being created.</summary>
    TableNotFound = 28,

    /// <summary>Failed: the table refuses every record; its key schema or an index is not the one of <c>docs/schema.md</c>.</summary>
    TableMismatch = 29,

    /// <summary>Failed: DynamoDB refuses this one record as invalid, while its neighbours were stored.</summary>
    RefusedByTable = 30,

    /// <summary>Failed: a newer version of the library wrote the stored record, and this one must not overwrite it.</summary>
    NewerSchema = 31,

    /// <summary>Failed: the options are invalid, or the client cannot be made for want of a region or another setting.</summary>
    Misconfigured = 32,

    /// <summary>Failed: an unexpected error inside the library.</summary>
    InternalError = 33,

    /// <summary>Used only in a <see cref="DeadLetter"/>: the store was switched off when the item was handed in.</summary>
    Disabled = 34,

    /// <summary>Failed: the repository, or the client that it uses, was disposed before the item was sent.</summary>
    Disposed = 35,

    /// <summary>
    /// Failed: DynamoDB refuses a batch that has this item, and the requests that a store call may spend on finding the items at fault are used up.
    /// The item itself may be valid.
    /// </summary>
    BatchRefused = 36,

    /// <summary>Not about an item: all items are stored, but the day's header record could not be brought up to date, or is not known to be.</summary>
    HeaderNotWritten = 40,

    /// <summary>Not about an item: the input ended early; <see cref="StoreResult.InputError"/> has the cause.</summary>
    InputBrokeOff = 41,

    /// <summary>
    /// Not about an item: the dead-letter sink failed, or an error inside the library came before the sink was called. So items that are not in
    /// the table are not in the sink either.
    /// </summary>
    DeadLettersNotWritten = 42,
}
