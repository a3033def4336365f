using System.Buffers;

namespace DigestStore.Quality;

// Finds HTML in a title. A title may have up to 400 KB and comes from strangers, so it is read once from start to end, every name is looked
// at up to a fixed length, and no regular expression is used, since one could take very long.
internal static class TitleMarkup
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Decimal = "0123456789";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Upper + Lower + Decimal);
    private static readonly SearchValues<char> UpperCaseLetters = SearchValues.Create(Upper);
    private static readonly SearchValues<char> LowerCaseLetters = SearchValues.Create(Lower);
    private static readonly SearchValues<char> HexDigits = SearchValues.Create(Decimal + "ABCDEFabcdef");
    private static readonly SearchValues<char> Digits = SearchValues.Create(Decimal);

    public static bool IsIn(ReadOnlySpan<char> title)
    {
        for (int start; (start = title.IndexOfAny('<', '&')) >= 0;)
        {
            bool isTag = title[start] == '<';
            title = title[(start + 1)..];
            if (isTag ? IsTag(title) : IsReference(title))
            {
                return true;
            }
        }

        return false;
    }

    // "text" is what follows a "<".
    private static bool IsTag(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("!--") || text.StartsWith("![CDATA["))
        {
            return true;
        }

        bool isEnd = text is ['/', ..];
        text = isEnd ? text[1..] : text;
        int length = text[..Math.Min(text.Length, HtmlNames.MaxElementLength + 1)].IndexOfAnyExcept(NameCharacters);
        if (length <= 0 || !HtmlNames.IsElement(text[..length]) || IsMixedCase(text[..length]))
        {
            return false;
        }

        // A single upper-case letter is a type parameter, as in "Vec<A>" or "Iterator<I>".
        bool isParameter = !isEnd && length == 1 && char.IsAsciiLetterUpper(text[0]);
        text = text[length..];
        return text[0] switch
        {
            '>' => !isParameter,
            '/' => text is ['/', '>', ..],
            _ => char.IsWhiteSpace(text[0]) && IsClosed(text),
        };
    }

    // A name in mixed case, as in "Vec<Span>" or "<Code />", is a type or a component in a title about code.
    private static bool IsMixedCase(ReadOnlySpan<char> name) => name.ContainsAny(UpperCaseLetters) && name.ContainsAny(LowerCaseLetters);

    // A tag ends after its name or after attributes. "x <b and y> z" is no tag, since it has no attribute. The search stops at the next "<",
    // where the caller goes on, so the time stays in proportion to the length of the title.
    private static bool IsClosed(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAny('<', '>');
        return end >= 0 && text[end] == '>' && (text[..end].Trim() is [] or ['/'] || text[..end].Contains('='));
    }

    // "text" is what follows an "&".
    private static bool IsReference(ReadOnlySpan<char> text)
    {
        int end = text[..Math.Min(text.Length, HtmlNames.MaxReferenceLength + 1)].IndexOf(';');
        if (end <= 0)
        {
            return false;
        }

        return text[..end] switch
        {
            ['#', 'x' or 'X', .. var hex] => !hex.IsEmpty && !hex.ContainsAnyExcept(HexDigits),
            ['#', .. var number] => !number.IsEmpty && !number.ContainsAnyExcept(Digits),
            var name => HtmlNames.IsCharacter(name),
        };
    }
}
