using MimeKit.Utils;

namespace EmailDigest.Collect;

/// <summary>Dates as feeds write them: ISO 8601, or those of email. What is not a whole date, or in a zone that nobody knows, is none.</summary>
internal static partial class FeedDate
{
    // Those of RFC 5322 section 4.3, and what European feeds write.
    private static readonly Dictionary<string, string> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UT"] = "+0000", ["UTC"] = "+0000", ["GMT"] = "+0000", ["Z"] = "+0000",
        ["EST"] = "-0500", ["CST"] = "-0600", ["MST"] = "-0700", ["PST"] = "-0800",
        ["EDT"] = "-0400", ["CDT"] = "-0500", ["MDT"] = "-0600", ["PDT"] = "-0700",
        ["BST"] = "+0100", ["CET"] = "+0100", ["CEST"] = "+0200",
    };

    public static DateTimeOffset? Parse(string? text, FeedProblems problems)
    {
        DateTimeOffset date = default;
        bool isDate = !string.IsNullOrWhiteSpace(text) && TryParse(text, out date);
        problems.AddIf(!isDate && !string.IsNullOrWhiteSpace(text), "a date that is none");
        return isDate ? date.ToUniversalTime() : null;
    }

    public static bool TryParse(string text, out DateTimeOffset date)
    {
        date = default;
        string plain = Comment().Replace(text.Length > 100 ? text[..100] : text, " ").Trim();
        if (IsoDate().IsMatch(plain))
        {
            return DateTimeOffset.TryParse(plain, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
        }

        // MimeKit reads what email programs write, and guesses where they are wrong; a clock or a zone is not for guessing.
        Match clock = Clock().Match(plain);
        string zone = clock.Groups["zone"].Value;
        return (clock.Success || !plain.Contains(':', StringComparison.Ordinal)) &&
            (zone.Length == 0 || Zones.ContainsKey(zone)) &&
            DateUtils.TryParse(zone.Length == 0 ? plain : $"{plain[..^zone.Length]}{Zones[zone]}", out date);
    }

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsoDate();

    [GeneratedRegex(@"\s([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d|:60)?(\s*[+-]\d{4}|\s+(?<zone>[A-Za-z]+))?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Clock();
}
