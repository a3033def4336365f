using System.Buffers;

namespace DigestStore.Identity;

internal static class HostName
{
    // The characters of a reg-name (RFC 3986 §3.2.2) without percent-encoding. The stricter rules of DNS are not applied, because real links
    // have host names with underscores, leading hyphens and empty labels.
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
