namespace DigestStore.Identity;

internal static class WwwPrefix
{
    public const int Length = 4;

    // The prefix of www.com and of www.www.example.com belongs to the name. It can be dropped only where a name of at least two labels remains,
    // and not an IPv4 address.
    public static bool CanDrop(ReadOnlySpan<char> host)
    {
        if (!host.StartsWith("www."))
        {
            return false;
        }

        ReadOnlySpan<char> rest = host[Length..];
        if (rest.StartsWith(".") || rest.StartsWith("www."))
        {
            return false;
        }

        ReadOnlySpan<char> name = rest.TrimEnd('.');
        int dot = name.LastIndexOf('.');
        return dot > 0 && name[(dot + 1)..].ContainsAnyExceptInRange('0', '9');
    }
}
