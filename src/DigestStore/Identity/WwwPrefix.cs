namespace DigestStore.Identity;

internal static class WwwPrefix
{
    public const int Length = 4;

    // www.com and www.www.example.com are names of their own; what is left must be a name of two labels, not an IPv4 address.
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
