using System.Globalization;
using System.Text;

namespace DigestStore.Quality;

internal static class TitleText
{
    public static bool IsUrl(ReadOnlySpan<char> title, ReadOnlySpan<char> url)
    {
        title = title.Trim();
        return !title.IsEmpty && (title.SequenceEqual(url.Trim()) || IsAbsoluteUrl(title));
    }

    public static bool IsShouted(ReadOnlySpan<char> title)
    {
        int capitals = 0;

        // The loop stops at the first lower-case letter, which is the second letter of nearly every title.
        foreach (Rune rune in title.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.UppercaseLetter:
                    capitals++;
                    break;
                case UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter:
                    return false;
            }
        }

        return capitals >= QualityRules.MinShoutedLetters;
    }

    private static bool IsAbsoluteUrl(ReadOnlySpan<char> text)
    {
        int scheme = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : text.Length;
        foreach (char character in text[scheme..])
        {
            if (char.IsWhiteSpace(character))
            {
                return false;
            }
        }

        return scheme < text.Length;
    }
}
