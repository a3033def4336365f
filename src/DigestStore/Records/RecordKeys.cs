using System.Globalization;

namespace DigestStore.Records;

// The only place that knows how keys are written; docs/schema.md shows them.
internal static class RecordKeys
{
    public const string Header = "HEADER";
    public const string ItemPrefix = "ITEM#";
    public const string PendingDelivery = "pending";
    private const string DateFormat = "yyyy-MM-dd";

    public static string Partition(string digest, DateOnly date) => $"DIGEST#{digest}#{Date(date)}";

    public static string Item(DigestItemId id) => ItemPrefix + id;

    public static string StatusIndex(string digest, string status) => $"STATUS#{digest}#{status}";

    public static string Date(DateOnly date) => date.ToString(DateFormat, CultureInfo.InvariantCulture);

    // Of a table that is configured by its ARN an answer may give the plain name, and the other way round.
    public static bool IsSameTable(string name, string table) =>
        string.Equals(name, table, StringComparison.Ordinal) ||
        (IsArn(name) != IsArn(table) && PlainName(name).SequenceEqual(PlainName(table)));

    public static bool TryParseItem(string? sortKey, out DigestItemId id)
    {
        if (sortKey is not null && sortKey.StartsWith(ItemPrefix, StringComparison.Ordinal))
        {
            // An id is written in lower case only: in another spelling it is another key, where no item is ever looked for.
            ReadOnlySpan<char> hex = sortKey.AsSpan(ItemPrefix.Length);
            return DigestItemId.TryParse(hex, out id) && !hex.ContainsAnyInRange('A', 'F');
        }

        id = default;
        return false;
    }

    private static bool IsArn(string table) => table.StartsWith("arn:", StringComparison.Ordinal);

    private static ReadOnlySpan<char> PlainName(string table) => table.AsSpan(table.LastIndexOf('/') + 1);
}
