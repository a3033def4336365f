using System.Buffers;
using System.Text;

namespace DigestStore.Identity;

internal static class PercentEncoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string Segment = Unreserved + "!$&'()*+,;=:@";

    private static readonly SearchValues<char> UnreservedCharacters = SearchValues.Create(Unreserved);

    // RFC 3986 §3.3 and §3.4; "%" is in neither, since it never goes through unread.
    public static readonly SearchValues<char> SegmentCharacters = SearchValues.Create(Segment);
    public static readonly SearchValues<char> QueryCharacters = SearchValues.Create(Segment + "/?");

    public static void Write(ReadOnlySpan<char> text, SearchValues<char> allowed, ref UrlWriter target)
    {
        while (true)
        {
            int run = text.IndexOfAnyExcept(allowed);
            if (run < 0)
            {
                target.Append(text);
                return;
            }

            target.Append(text[..run]);
            text = text[(run + WriteEscaped(text[run..], ref target))..];
        }
    }

    public static bool TryReadOctet(ReadOnlySpan<char> text, out byte octet)
    {
        octet = 0;
        if (text is not ['%', var high, var low, ..] || !char.IsAsciiHexDigit(high) || !char.IsAsciiHexDigit(low))
        {
            return false;
        }

        octet = (byte)((Value(high) << 4) | Value(low));
        return true;
    }

    private static int WriteEscaped(ReadOnlySpan<char> text, ref UrlWriter target)
    {
        if (text[0] == '%')
        {
            return WriteTriplet(text, ref target);
        }

        _ = Rune.DecodeFromUtf16(text, out Rune rune, out int consumed);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (byte octet in utf8[..rune.EncodeToUtf8(utf8)])
        {
            target.AppendOctet(octet);
        }

        return consumed;
    }

    // A "%" without two digits becomes "%25": left alone, "%4%31" would turn into another escape the second time.
    private static int WriteTriplet(ReadOnlySpan<char> text, ref UrlWriter target)
    {
        if (!TryReadOctet(text, out byte octet))
        {
            target.AppendOctet((byte)'%');
            return 1;
        }

        if (UnreservedCharacters.Contains((char)octet))
        {
            target.Append((char)octet);
        }
        else
        {
            target.AppendOctet(octet);
        }

        return 3;
    }

    private static int Value(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
