namespace DigestStore.Identity;

internal static class QueryOrder
{
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> parameter)
    {
        int end = parameter.IndexOf('=');
        return end < 0 ? parameter : parameter[..end];
    }

    // Rare: most links have one parameter or are in order, so only these pay for the copies.
    public static void Sort(Span<char> query)
    {
        string[] parameters = query.ToString().Split('&');

        // Stable: parameters of equal name keep their order.
        IEnumerable<string> ordered = parameters.OrderBy(static parameter => NameOf(parameter).ToString(), StringComparer.Ordinal);
        int position = 0;
        foreach (string parameter in ordered)
        {
            if (position > 0)
            {
                query[position++] = '&';
            }

            parameter.CopyTo(query[position..]);
            position += parameter.Length;
        }
    }
}
