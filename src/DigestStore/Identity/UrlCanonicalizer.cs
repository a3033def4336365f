using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace DigestStore.Identity;

internal static class UrlCanonicalizer
{
    public const int MaxUrlLength = 2_048;

    // Besides percent-encoding, canonicalizing adds at most two characters: the "s" of https and the "/" of an empty path. A URL of the greatest
    // length must not be refused because of these two.
    private const int MaxCanonicalLength = MaxUrlLength + 2;

    private const int StackLimit = 512;

    public static bool TryCanonicalize(string? url, IdentityRuleSet rules, [NotNullWhen(true)] out string? canonical, out StoreProblemReason defect)
    {
        canonical = null;
        if (!UrlParts.TrySplit(url, out UrlParts parts, out defect))
        {
            return false;
        }

        // Percent-encoding makes at most nine characters of a UTF-16 code unit ("%E4%BD%A0"), and three of an ASCII character.
        int capacity = 16 + (parts.Text.Length * (Ascii.IsValid(parts.Text) ? 3 : 9));
        char[]? rented = null;
        Span<char> buffer = capacity <= StackLimit ? stackalloc char[StackLimit] : (rented = ArrayPool<char>.Shared.Rent(capacity));
        var target = new UrlWriter(buffer);
        bool wellFormed = TryWrite(parts, rules, ref target);
        if (wellFormed && target.Length <= MaxCanonicalLength)
        {
            canonical = target.Written.SequenceEqual(url) ? url : target.Written.ToString();
        }
        else
        {
            defect = wellFormed ? StoreProblemReason.UrlTooLong : StoreProblemReason.UrlMalformed;
        }

        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return canonical is not null;
    }

    private static bool TryWrite(in UrlParts parts, IdentityRuleSet rules, ref UrlWriter target)
    {
        if (!Port.TryParse(parts.Port, parts.IsHttps, out int port))
        {
            return false;
        }

        bool https = parts.IsHttps || (rules.TreatHttpAsHttps && port == Port.Default);
        target.Append(https ? "https://" : "http://");
        if (!HostName.TryWrite(parts.Host, rules.DropWww, ref target))
        {
            return false;
        }

        Port.Write(port, ref target);
        UrlPath.Write(parts.Path, rules, ref target);
        UrlQuery.Write(parts, rules, ref target);
        if (parts.HasFragment && (!rules.DropFragment || IsRoute(parts.Fragment)))
        {
            target.Append('#');
            PercentEncoding.Write(parts.Fragment, PercentEncoding.QueryCharacters, ref target);
        }

        return true;
    }

    // Single-page applications put the address of a page into the fragment, after "#!" or "#/". Such a fragment is part of the page's identity.
    private static bool IsRoute(ReadOnlySpan<char> fragment) => fragment is ['!' or '/', ..];
}
