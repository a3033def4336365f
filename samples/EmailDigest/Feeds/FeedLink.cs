using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EmailDigest.Feeds;

/// <summary>Links: which are absolute, and what relative ones are relative to.</summary>
internal static partial class FeedLink
{
    public const string Missing = "no link";
    public const string Resolved = "relative link, resolved against the feed's own address";
    public const string Unresolved = "relative link in a feed that has no address";

    public static bool IsWeb(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    /// <summary>The base for what is inside an element: its <c>xml:base</c>, relative to the base around it.</summary>
    public static Uri? BaseWithin(Uri? outer, string? xmlBase) => ToBase(Resolve(outer, xmlBase)) ?? outer;

    public static Uri? BaseWithin(Uri? outer, XElement element) => BaseWithin(outer, (string?)element.Attribute(XNamespace.Xml + "base"));

    /// <summary>The base that a web address is, or none: files are no base for links of an email.</summary>
    public static Uri? ToBase(string? link) => IsWeb(link) ? new Uri(link!, UriKind.Absolute) : null;

    public static string? Resolve(Uri? @base, string? link)
    {
        string? trimmed = link?.Trim();
        return string.IsNullOrEmpty(trimmed) || HasScheme(trimmed) || @base is null || !Uri.TryCreate(@base, trimmed, out Uri? absolute)
            ? trimmed
            : absolute.AbsoluteUri;
    }

    /// <summary>An entry's link, absolute where possible, with what is odd about it reported.</summary>
    public static string Resolve(Uri? @base, string? link, int entry, FeedProblems problems)
    {
        string resolved = Resolve(@base, link) ?? "";
        if (resolved.Length == 0)
        {
            problems.AddToEntry(entry, Missing);
        }
        else if (!HasScheme(resolved))
        {
            problems.AddToEntry(entry, Unresolved);
        }
        else if (!HasScheme(link!.Trim()))
        {
            problems.AddToEntry(entry, Resolved);
        }
        else if (!IsWeb(resolved))
        {
            problems.AddToEntry(entry, "the link is not an http(s) address");
        }

        return resolved;
    }

    // Uri takes "/path" for an absolute file path on Linux, so it cannot be asked.
    private static bool HasScheme(string link) => Scheme().IsMatch(link);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();
}
