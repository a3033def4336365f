using System.Globalization;

namespace DigestStore.Records;

// The formats of all keys. No other file may format or parse a key, so that a change of the schema stays in one place (docs/schema.md).
internal static class RecordKeys
{
    public const string Header = "HEADER";
    public const string ItemPrefix = "ITEM#";
    private const string DateFormat = "yyyy-MM-dd";
    private const int DateLength = 10;
    private const char PartSeparator = '#';

    public static string Partition(string digest, DateOnly date) => $"DIGEST#{digest}#{Date(date)}";

    public static string Item(DigestItemId id) => ItemPrefix + id;

    public static string StatusIndex(string digest, string status) => $"STATUS#{digest}#{status}";

    // The partition that holds one manifest for each day: what was sent on it.
    public static string Sent(string digest) => $"SENT#{digest}";

    // The sort key of a manifest. A manifest that is too long for one record goes on in further parts, and the number of the first part is 1.
    public static string Manifest(DateOnly date, int part = 1) =>
        part == 1 ? Date(date) : string.Create(CultureInfo.InvariantCulture, $"{Date(date)}{PartSeparator}{part}");

    // The sort key after the last part of a manifest and before the manifest of the next day.
    public static string AfterManifest(DateOnly date) => $"{Date(date)}{PartSeparator}~";

    public static bool TryParseManifest(string? sortKey, out DateOnly date, out int part)
    {
        (date, part) = (default, 1);
        return sortKey is { Length: >= DateLength } &&
            TryParseDate(sortKey.AsSpan(0, DateLength), out date) &&
            (sortKey.Length == DateLength ||
                (sortKey[DateLength] == PartSeparator && int.TryParse(sortKey.AsSpan(DateLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out part)));
    }

    public static bool TryParseDate(ReadOnlySpan<char> text, out DateOnly date) =>
        DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

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

    public static bool TryParseItem(ReadOnlySpan<byte> sortKey, out DigestItemId id)
    {
        id = default;
        if (!sortKey.StartsWith("ITEM#"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> hex = sortKey[ItemPrefix.Length..];
        return DigestItemId.TryParseUtf8(hex, out id) && !hex.ContainsAnyInRange((byte)'A', (byte)'F');
    }

    private static bool IsArn(string table) => table.StartsWith("arn:", StringComparison.Ordinal);

    private static ReadOnlySpan<char> PlainName(string table) => table.AsSpan(table.LastIndexOf('/') + 1);
}
