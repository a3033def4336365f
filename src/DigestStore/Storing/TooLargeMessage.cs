using System.Globalization;
using DigestStore.Records;

namespace DigestStore.Storing;

// Says how large a record would be, and which fields make it so large. The message has names and sizes, and never the content.
internal static class TooLargeMessage
{
    private const string OfOthers = "the attributes that others have put into the stored record";

    // A record has at most ten such fields, so in one that is too large at least one field has this size.
    private const int LargeField = Schema.MaxItemBytes / 20;

    public static string Of(CleanItem item, int size, UnknownAttributes? unknown = null)
    {
        int ofOthers = unknown?.Size ?? 0;
        IEnumerable<string> large = ItemSize.ByField(item)
            .Append((Field: OfOthers, Bytes: ofOthers))
            .Where(static field => field.Bytes >= LargeField)
            .OrderByDescending(static field => field.Bytes)
            .Select(static field => string.Create(CultureInfo.InvariantCulture, $"{field.Field} ({field.Bytes:N0} bytes)"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The record would have {(long)size + ofOthers:N0} bytes, and DynamoDB's limit is {Schema.MaxItemBytes:N0} (400 KB). Shorten what is large in it: {string.Join(", ", large)}.");
    }
}
