using System.Buffers;

namespace DigestStore.Identity;

internal static class UrlScheme
{
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    // On success, "url" holds what follows the "//".
    public static bool TryRead(scoped ref ReadOnlySpan<char> url, out bool isHttps, out StoreProblemReason defect)
    {
        isHttps = false;
        int end = url.IndexOfAnyExcept(SchemeCharacters);
        if (end <= 0 || url[end] != ':' || !char.IsAsciiLetter(url[0]))
        {
            defect = StoreProblemReason.UrlNotAbsolute;
            return false;
        }

        ReadOnlySpan<char> scheme = url[..end];
        isHttps = scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
        if (!isHttps && !scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
        {
            defect = StoreProblemReason.UrlSchemeNotAllowed;
            return false;
        }

        url = url[(end + 1)..];
        defect = StoreProblemReason.UrlMalformed;
        if (!url.StartsWith("//"))
        {
            return false;
        }

        url = url[2..];
        return true;
    }
}
