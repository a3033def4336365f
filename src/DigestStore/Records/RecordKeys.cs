using System.Globalization;

namespace DigestStore.Records;

// The formats of all keys. No other file may format or parse a key, so that a change of the schema stays in one place (docs/schema.md).
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

    // If the table is configured by its ARN, a response may use its plain name, and the other way round.
    public static bool IsSameTable(string name, string table) =>
        string.Equals(name, table, StringComparison.Ordinal) ||
        (IsArn(name) != IsArn(table) && PlainName(name).SequenceEqual(PlainName(table)));

    public static bool TryParseItem(string? sortKey, out DigestItemId id)
    {
        if (sortKey is not null && sortKey.StartsWith(ItemPrefix, StringComparison.Ordinal))
        {
            // Ids are written in lower case. In upper case the key is a different one, which no look-up would find.
            ReadOnlySpan<char> hex = sortKey.AsSpan(ItemPrefix.Length);
            return DigestItemId.TryParse(hex, out id) && !hex.ContainsAnyInRange('A', 'F');
        }

        id = default;
        return false;
    }

    private static bool IsArn(string table) => table.StartsWith("arn:", StringComparison.Ordinal);

    private static ReadOnlySpan<char> PlainName(string table) => table.AsSpan(table.LastIndexOf('/') + 1);
}
