using MimeKit.Utils;

namespace EmailDigest.Collect;

/// <summary>Dates as feeds write them: ISO 8601, or those of email. What is not a whole date, or in a zone that nobody knows, is none.</summary>
internal static partial class FeedDate
{
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
        string? offset = zone.Length == 0 ? "" : OffsetOf(zone);
        return (clock.Success || !plain.Contains(':', StringComparison.Ordinal)) && offset is not null && DateUtils.TryParse(plain[..^zone.Length] + offset, out date);
    }

    // The zones of RFC 5322 section 4.3, and what European feeds write.
    private static string? OffsetOf(string zone) => zone.ToUpperInvariant() switch
    {
        "UT" or "UTC" or "GMT" or "Z" => "+0000",
        "EDT" => "-0400",
        "EST" or "CDT" => "-0500",
        "CST" or "MDT" => "-0600",
        "MST" or "PDT" => "-0700",
        "PST" => "-0800",
        "BST" or "CET" => "+0100",
        "CEST" => "+0200",
        _ => null,
    };

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsoDate();

    [GeneratedRegex(@"\s([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d|:60)?(\s*[+-]\d{4}|\s+(?<zone>[A-Za-z]+))?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Clock();
}
