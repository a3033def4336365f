using System.Globalization;

namespace DigestStore.Identity;

internal static class IPv6Address
{
    private const int Groups = 8;

    public static bool TryWrite(ReadOnlySpan<char> text, ref UrlWriter target)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        if (!TryParse(text, groups))
        {
            return false;
        }

        target.Append('[');
        WriteGroups(groups, ref target);
        target.Append(']');
        return true;
    }

    private static bool TryParse(ReadOnlySpan<char> text, Span<ushort> groups)
    {
        groups.Clear();
        int gap = text.IndexOf("::");
        if (gap < 0)
        {
            return TryParseGroups(text, groups, out int all) && all == Groups;
        }

        Span<ushort> tail = stackalloc ushort[Groups];
        ReadOnlySpan<char> after = text[(gap + 2)..];
        if (!TryParseGroups(text[..gap], groups, out int before, mayEndInIPv4: false) || !TryParseGroups(after, tail, out int behind) || before + behind >= Groups)
        {
            return false;
        }

        tail[..behind].CopyTo(groups[(Groups - behind)..]);
        return true;
    }

    private static bool TryParseGroups(ReadOnlySpan<char> text, Span<ushort> groups, out int count, bool mayEndInIPv4 = true)
    {
        count = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (Range range in text.Split(':'))
        {
            ReadOnlySpan<char> part = text[range];
            if (mayEndInIPv4 && count <= Groups - 2 && range.End.GetOffset(text.Length) == text.Length && part.Contains('.'))
            {
                return TryParseIPv4(part, groups[count..], ref count);
            }

            if (count == Groups || part.Length > 4 || !ushort.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out groups[count]))
            {
                return false;
            }

            count++;
        }

        return true;
    }

    private static bool TryParseIPv4(ReadOnlySpan<char> text, Span<ushort> groups, ref int count)
    {
        int octets = 0;
        groups[..2].Clear();
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            if (octets == 4 || part is ['0', _, ..] || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }

            groups[octets / 2] = (ushort)((groups[octets / 2] << 8) | octet);
            octets++;
        }

        count += 2;
        return octets == 4;
    }

    // Writes "::" as RFC 5952 §4 says: it replaces the longest run of zero groups, or the first one where several are equally long, and never
    // a single group.
    private static void WriteGroups(scoped ReadOnlySpan<ushort> groups, ref UrlWriter target)
    {
        (int start, int length) = LongestZeroRun(groups);
        Span<char> digits = stackalloc char[4];
        for (int i = 0; i < Groups; i++)
        {
            if (i == start)
            {
                target.Append("::");
                i += length - 1;
                continue;
            }

            if (i > 0 && target.Written[^1] != ':')
            {
                target.Append(':');
            }

            _ = groups[i].TryFormat(digits, out int written, "x", CultureInfo.InvariantCulture);
            target.Append(digits[..written]);
        }
    }

    private static (int Start, int Length) LongestZeroRun(ReadOnlySpan<ushort> groups)
    {
        (int Start, int Length) longest = (-1, 1);
        int run = 0;
        for (int i = 0; i < Groups; i++)
        {
            run = groups[i] == 0 ? run + 1 : 0;
            if (run > longest.Length)
            {
                longest = (i - run + 1, run);
            }
        }

        return longest;
    }
}
