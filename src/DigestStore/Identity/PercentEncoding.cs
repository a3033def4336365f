using System.Buffers;
using System.Text;

namespace DigestStore.Identity;

internal static class PercentEncoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string Segment = Unreserved + "!$&'()*+,;=:@";

    private static readonly SearchValues<char> UnreservedCharacters = SearchValues.Create(Unreserved);

    // The characters that RFC 3986 §3.3 and §3.4 allow without percent-encoding. "%" is in neither set, because every "%" has to be looked at:
    // the octet behind it may need no encoding.
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

        octet = (byte)((HexValue(high) << 4) | HexValue(low));
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

    // A "%" without two hexadecimal digits becomes "%25". If it stayed, "%4%31" would become "%41", and canonicalizing the result again would
    // give "A".
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

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
