namespace DigestStore.Identity;

internal static class QueryParameters
{
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> parameter)
    {
        int end = parameter.IndexOf('=');
        return end < 0 ? parameter : parameter[..end];
    }

    // This allocates, which is acceptable because it runs rarely: most links have one parameter, or have their parameters in order already.
    public static void Sort(Span<char> query)
    {
        string[] parameters = query.ToString().Split('&');

        // OrderBy is a stable sort, so parameters of the same name keep their order.
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
