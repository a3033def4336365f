using DigestStore.Table;

namespace DigestStore.Faults;

// The message of each reason: the rule and the remedy. Messages are logged, so they are constant texts with at most the name of a table or a
// permission in them, and never the content of an item.
internal static class ProblemMessages
{
    private const string Again = " Store the item again.";

    public static string Of(StoreProblemReason reason) => reason switch
    {
        StoreProblemReason.ItemMissing => "The element is null. Leave it out of the input.",
        StoreProblemReason.UrlMissing => "The item has no URL. Give it an absolute http or https URL.",
        StoreProblemReason.UrlNotAbsolute => "The URL is relative. Resolve it against the page or feed it was found in.",
        StoreProblemReason.UrlSchemeNotAllowed => "Only http and https URLs can be stored. Leave the item out, or link to a web page.",
        StoreProblemReason.UrlTooLong => "The URL has more than 2,048 characters. Shorten it, for example by leaving out session parameters.",
        StoreProblemReason.UrlHasUserInfo => "The URL carries a user name or password. Remove it: a digest is read by others.",
        StoreProblemReason.UrlMalformed => "The URL is not well-formed. Check its host, its port and its brackets.",
        StoreProblemReason.TitleMissing => "The title is missing, or has nothing but white space and invisible characters. Give the item a title that can be seen, for example its URL's host.",
        StoreProblemReason.InvalidUnicode => "A text contains half of a surrogate pair. Cut texts at whole characters.",
        StoreProblemReason.ItemTooLarge => "The item has more than 409,600 tags or entries of metadata, so its record would be over 409,600 bytes (400 KB), DynamoDB's limit. Leave tags or metadata out.",
        StoreProblemReason.ItemUnreadable => "Reading the item's tags or metadata failed. Hand in plain lists and dictionaries.",
        StoreProblemReason.Superseded => "The table has another record for this page than the dead letter may replace, and it stays as it is. Nothing needs to be done, unless the letter is known to be newer: then store its item again.",
        StoreProblemReason.CompareUnavailable => "What is stored could not be read, so nothing was written over it blindly. Store the item again.",
        StoreProblemReason.Throttled => StoreAgain(DigestStoreErrorReason.Throttled),
        StoreProblemReason.Unavailable => StoreAgain(DigestStoreErrorReason.Unavailable),
        StoreProblemReason.DeadlineExceeded => "The deadline came before the item was sent. Store the item again, or allow more time with Deadline.",
        StoreProblemReason.OutcomeUnknown => "The item was sent, and either no answer came in time or only errors that do not say whether it is stored. Store the item again: that is safe whether it is there or not.",
        StoreProblemReason.Canceled => "The caller ended the store before the item was sent. Store the item again.",
        StoreProblemReason.Disposed => "The item was not sent. " + StoreAgain(DigestStoreErrorReason.Disposed),
        StoreProblemReason.AccessDenied => Remedies.Of(DigestStoreErrorReason.AccessDenied),
        StoreProblemReason.CredentialsRefused => Remedies.Of(DigestStoreErrorReason.CredentialsRefused),
        StoreProblemReason.TableNotFound => Remedies.Of(DigestStoreErrorReason.TableNotFound),
        StoreProblemReason.TableMismatch => Remedies.Of(DigestStoreErrorReason.TableMismatch),
        StoreProblemReason.RefusedByTable => "The table refuses this record as invalid while it takes others. Check the item for unusual content.",
        StoreProblemReason.BatchRefused => "The table refuses a batch with this item in it, and the 100 requests that a store spends on finding the items at fault are used up. Store the item again.",
        StoreProblemReason.NewerSchema => Remedies.Of(DigestStoreErrorReason.NewerSchema),
        StoreProblemReason.Misconfigured => Remedies.Of(DigestStoreErrorReason.Misconfigured),
        StoreProblemReason.InternalError => "An unexpected error inside the library; the log has its type. Store the item again and report it.",
        StoreProblemReason.Disabled => "The store was switched off. Replay the dead letters when it is on again.",
        StoreProblemReason.HeaderNotWritten => "All items that could be are stored, but the day's header record is not up to date. Store the day again to write it.",
        StoreProblemReason.InputBrokeOff => "The input ended early; InputError has the cause. The items that were read before have their outcomes.",
        StoreProblemReason.DeadLettersNotWritten => "The failed items did not reach the dead-letter sink, or it failed, so they are kept nowhere. Hand them in again; check the sink's disk and permissions.",
    };

    // The message names the table or the permission, so that a reader of the log can correct the fault without looking further.
    public static string Of(StoreProblemReason reason, TableFault? fault, string action, string table)
    {
        if (fault?.Remedy is { } remedy)
        {
            return FaultReasons.OfWrite(fault) != reason ? $"{Of(reason)} {remedy}" : fault.IsTransient ? remedy + Again : remedy;
        }

        string detail = fault?.Kind switch
        {
            FaultKind.Unreachable => $" {Remedies.Unreachable} {fault.Code} on {action}.",
            FaultKind.AccessDenied => $" {fault.Code}: allow dynamodb:{action} on table '{table}' (and its KMS key, if it has one).",
            FaultKind.TableNotFound => $" {fault.Code}: table '{table}'.",
            not null when fault.Detail is { } setting => " " + setting,
            null or FaultKind.DeadlineExceeded or FaultKind.Canceled or FaultKind.Disposed => "",
            _ when fault.Status > 0 => $" {fault.Code}, HTTP {fault.Status}, on {action}.",
            _ when fault.Code.Length > 0 => $" {fault.Code} on {action}.",
            _ => "",
        };
        return Of(reason) + detail;
    }

    private static string StoreAgain(DigestStoreErrorReason reason) => Remedies.Of(reason) + Again;
}
