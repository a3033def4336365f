using System.Globalization;
using System.Text.RegularExpressions;

namespace EmailDigest.Feeds;

/// <summary>Dates as feeds write them: RFC 3339, RFC 822 with two-digit years and zone names, and what is near to them.</summary>
internal static partial class FeedDate
{
    // RFC 822 section 5.1; the rest of its letters mean nothing reliable (RFC 2822 section 4.3).
    private static readonly Dictionary<string, string> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UT"] = "+00:00",
        ["UTC"] = "+00:00",
        ["GMT"] = "+00:00",
        ["Z"] = "+00:00",
        ["EST"] = "-05:00",
        ["EDT"] = "-04:00",
        ["CST"] = "-06:00",
        ["CDT"] = "-05:00",
        ["MST"] = "-07:00",
        ["MDT"] = "-06:00",
        ["PST"] = "-08:00",
        ["PDT"] = "-07:00",
        ["CET"] = "+01:00",
        ["CEST"] = "+02:00",
        ["BST"] = "+01:00",
    };

    public static DateTimeOffset? Parse(string? text, int entry, FeedProblems problems)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (TryParse(text, out DateTimeOffset date))
        {
            return date;
        }

        problems.AddToEntry(entry, "a date that is none");
        return null;
    }

    public static bool TryParse(string text, out DateTimeOffset date)
    {
        // A wrong name of a weekday must not cost the date.
        string plain = Weekday().Replace(text.Trim(), "");
        string zoned = ZoneName().Replace(plain, match => Zones.TryGetValue(match.Value.Trim(), out string? offset) ? " " + offset : match.Value);
        return DateTimeOffset.TryParse(
            zoned,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out date);
    }

    [GeneratedRegex(@"^\p{L}+\.?\s*,\s*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Weekday();

    [GeneratedRegex(@"\s+[A-Za-z]{1,4}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ZoneName();
}
