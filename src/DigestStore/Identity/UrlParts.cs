namespace DigestStore.Identity;

// Splits a URL as RFC 3986 §3 says. System.Uri is not used, because it takes "/etc/passwd" for a file, corrects invalid URLs as browsers do,
// and gives different results on different platforms.
internal ref struct UrlParts
{
    public ReadOnlySpan<char> Text;
    public bool IsHttps;
    public ReadOnlySpan<char> Host;
    public ReadOnlySpan<char> Port;
    public ReadOnlySpan<char> Path;
    public bool HasQuery;
    public ReadOnlySpan<char> Query;
    public bool HasFragment;
    public ReadOnlySpan<char> Fragment;

    public static bool TrySplit(string? url, out UrlParts parts, out StoreProblemReason defect)
    {
        parts = default;
        ReadOnlySpan<char> rest = UrlText.Trim(url);
        if (UrlText.FindDefect(rest) is { } found)
        {
            defect = found;
            return false;
        }

        parts.Text = rest;
        if (!UrlScheme.TryRead(ref rest, out parts.IsHttps, out defect))
        {
            return false;
        }

        ReadOnlySpan<char> authority = TakeBefore(ref rest, rest.IndexOfAny('/', '?', '#'));
        if (authority.Contains('@'))
        {
            defect = StoreProblemReason.UrlHasUserInfo;
            return false;
        }

        // A colon inside brackets belongs to an IPv6 address and does not begin a port.
        int colon = authority.LastIndexOf(':');
        bool hasPort = colon > authority.LastIndexOf(']');
        parts.Host = hasPort ? authority[..colon] : authority;
        parts.Port = hasPort ? authority[(colon + 1)..] : default;
        int hash = rest.IndexOf('#');
        ReadOnlySpan<char> pathAndQuery = TakeBefore(ref rest, hash);
        parts.HasFragment = hash >= 0;
        parts.Fragment = parts.HasFragment ? rest[1..] : default;
        int mark = pathAndQuery.IndexOf('?');
        parts.Path = TakeBefore(ref pathAndQuery, mark);
        parts.HasQuery = mark >= 0;
        parts.Query = parts.HasQuery ? pathAndQuery[1..] : default;
        return true;
    }

    private static ReadOnlySpan<char> TakeBefore(scoped ref ReadOnlySpan<char> text, int index)
    {
        ReadOnlySpan<char> taken = index < 0 ? text : text[..index];
        text = text[taken.Length..];
        return taken;
    }
}
