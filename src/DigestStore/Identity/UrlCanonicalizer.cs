using System.Diagnostics.CodeAnalysis;

namespace DigestStore.Identity;

internal static class UrlCanonicalizer
{
    public static bool TryCanonicalize(string? url, UrlIdentityOptions rules, [NotNullWhen(true)] out string? canonical, out StoreProblemReason defect)
    {
        canonical = url;
        defect = StoreProblemReason.UrlMissing;
        return url is not null;
    }
}
