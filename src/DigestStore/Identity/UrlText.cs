namespace DigestStore.Identity;

internal static class UrlText
{
    // Browsers trim the same characters (WHATWG URL §4.4). Feeds often have line breaks around a link.
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> url)
    {
        int start = 0;
        while (start < url.Length && url[start] <= ' ')
        {
            start++;
        }

        int end = url.Length;
        while (end > start && url[end - 1] <= ' ')
        {
            end--;
        }

        return url[start..end];
    }

    public static StoreProblemReason? FindDefect(ReadOnlySpan<char> trimmed)
    {
        if (trimmed.IsWhiteSpace())
        {
            return StoreProblemReason.UrlMissing;
        }

        if (trimmed.Length > UrlCanonicalizer.MaxUrlLength)
        {
            return StoreProblemReason.UrlTooLong;
        }

        return HasLoneSurrogate(trimmed) ? StoreProblemReason.InvalidUnicode : null;
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        int first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        for (int i = first; i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return true;
            }

            i++;
        }

        return false;
    }
}
