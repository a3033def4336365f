using System.Buffers;

namespace DigestStore.Identity;

internal static class HostName
{
    // RFC 3986 reg-name without escapes: underscores, leading hyphens and empty labels occur in real links and are no syntax error.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=");

    public static bool TryWrite(ReadOnlySpan<char> host, bool dropWww, ref UrlWriter target)
    {
        if (host is ['[', .. var address, ']'])
        {
            return IPv6Address.TryWrite(address, ref target);
        }

        int start = target.Length;
        if (!host.ContainsAnyExcept(Allowed))
        {
            target.Append(host);
        }
        else if (!InternationalHost.TryWrite(host, ref target))
        {
            return false;
        }

        Span<char> written = target.Written[start..];
        if (!written.ContainsAnyExcept('.') || written.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        LowerAscii(written);
        if (dropWww && WwwPrefix.CanDrop(written))
        {
            target.Remove(start, WwwPrefix.Length);
        }

        return true;
    }

    private static void LowerAscii(Span<char> text)
    {
        foreach (ref char c in text)
        {
            c = char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
        }
    }
}
