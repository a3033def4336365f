using System.Buffers;
using System.Text;

namespace DigestStore.Identity;

internal static class InternationalHost
{
    // The order matters: percent-encoding is decoded as UTF-8 first (RFC 3986 §3.2.2), then the characters are mapped, and then each label is
    // encoded as an A-label ("xn--…").
    public static bool TryWrite(ReadOnlySpan<char> host, ref UrlWriter target)
    {
        int capacity = host.Length;
        Rune[] rented = ArrayPool<Rune>.Shared.Rent(capacity);
        bool done = TryMap(host, rented, out int count) && TryWriteLabels(rented.AsSpan(0, count), ref target);
        ArrayPool<Rune>.Shared.Return(rented);
        return done;
    }

    private static bool TryMap(ReadOnlySpan<char> host, Span<Rune> mapped, out int count)
    {
        count = 0;
        while (!host.IsEmpty)
        {
            if (!TryReadRune(host, out Rune rune, out int consumed) || HostMapping.IsForbidden(rune))
            {
                return false;
            }

            host = host[consumed..];
            if (!HostMapping.IsIgnored(rune))
            {
                mapped[count++] = HostMapping.Map(rune);
            }
        }

        return true;
    }

    private static bool TryReadRune(ReadOnlySpan<char> host, out Rune rune, out int consumed)
    {
        if (host[0] != '%')
        {
            return Rune.DecodeFromUtf16(host, out rune, out consumed) == OperationStatus.Done;
        }

        Span<byte> utf8 = stackalloc byte[4];
        int length = 0;
        while (length < utf8.Length && PercentEncoding.TryReadOctet(host[(3 * length)..], out byte octet))
        {
            utf8[length++] = octet;
        }

        bool valid = Rune.DecodeFromUtf8(utf8[..length], out rune, out int octets) == OperationStatus.Done;
        consumed = 3 * octets;
        return valid;
    }

    private static bool TryWriteLabels(ReadOnlySpan<Rune> host, ref UrlWriter target)
    {
        while (true)
        {
            int dot = host.IndexOf(new Rune('.'));
            if (!Punycode.TryWriteLabel(dot < 0 ? host : host[..dot], ref target))
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            target.Append('.');
            host = host[(dot + 1)..];
        }
    }
}
