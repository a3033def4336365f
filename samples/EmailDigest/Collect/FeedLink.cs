namespace EmailDigest.Collect;

/// <summary>Links: which are absolute, and what relative ones are relative to.</summary>
internal static partial class FeedLink
{
    public static bool IsWeb(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    /// <summary>The base for what is inside an element: its <c>xml:base</c>, relative to the base around it.</summary>
    public static Uri? BaseWithin(Uri? outer, string? xmlBase) => ToBase(Resolve(outer, xmlBase)) ?? outer;

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
    public static string Resolve(Uri? @base, string? link, FeedProblems problems)
    {
        string resolved = Resolve(@base, link) ?? "";
        bool isRelative = !HasScheme(link?.Trim() ?? "");
        problems.AddIf(
            resolved.Length == 0 || isRelative || !IsWeb(resolved),
            resolved.Length == 0 ? "no link"
                : !HasScheme(resolved) ? "relative link in a feed that has no address"
                : isRelative ? "relative link, resolved against the feed's own address"
                : "the link is not an http(s) address");
        return resolved;
    }

    public static bool HasForeignScheme(string link) => HasScheme(link.Trim()) && !IsWeb(link);

    // Uri takes "/path" for an absolute file path on Linux, so it cannot be asked.
    private static bool HasScheme(string link) => Scheme().IsMatch(link);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();
}
