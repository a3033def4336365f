namespace DigestStore.Identity;

// The URL as it was handed in, without its tracking parameters: the page that a click on the stored URL opens. The content hash covers this
// text, so docs/schema.md says how it is made, and a change of it needs a new version of the hash.
internal static class UrlWithoutTracking
{
    private const int StackLimit = 512;

    // Returns the URL itself, without a copy, when it has no tracking parameters.
    public static string Of(string url, TrackingParameters? tracking)
    {
        if (tracking is null || !TryFindQuery(url, out int mark, out int end) || !HasDropped(url.AsSpan(mark + 1, end - mark - 1), tracking))
        {
            return url;
        }

        var target = new UrlWriter(url.Length <= StackLimit ? stackalloc char[StackLimit] : new char[url.Length]);
        target.Append(url.AsSpan(0, mark));
        ReadOnlySpan<char> query = url.AsSpan(mark + 1, end - mark - 1);
        char separator = '?';
        foreach (Range range in query.Split('&'))
        {
            if (!IsDropped(query[range], tracking))
            {
                target.Append(separator);
                target.Append(query[range]);
                separator = '&';
            }
        }

        target.Append(url.AsSpan(end));
        return target.Written.ToString();
    }

    // The query is what stands between the first "?" and the fragment. White space at the end of the URL belongs to neither of them.
    private static bool TryFindQuery(string url, out int mark, out int end)
    {
        end = url.IndexOf('#', StringComparison.Ordinal);
        if (end < 0)
        {
            end = url.Length;
            while (end > 0 && url[end - 1] <= ' ')
            {
                end--;
            }
        }

        mark = url.AsSpan(0, end).IndexOf('?');
        return mark >= 0;
    }

    private static bool HasDropped(ReadOnlySpan<char> query, TrackingParameters tracking)
    {
        foreach (Range range in query.Split('&'))
        {
            if (IsDropped(query[range], tracking))
            {
                return true;
            }
        }

        return false;
    }

    // These are the same parameters that rule 13 of docs/identity.md removes from the canonical URL.
    private static bool IsDropped(ReadOnlySpan<char> parameter, TrackingParameters tracking) =>
        parameter.IsEmpty || tracking.ContainsRaw(QueryParameters.NameOf(parameter));
}
