using System.Buffers;

namespace DigestStore.Quality;

// Titles are anybody's text of up to 400 KB: one pass, a bounded look at every name, no regular expression.
internal static class TitleMarkup
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Decimal = "0123456789";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Upper + Lower + Decimal);
    private static readonly SearchValues<char> Capitals = SearchValues.Create(Upper);
    private static readonly SearchValues<char> SmallLetters = SearchValues.Create(Lower);
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

    // What follows a "<".
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

        // "Vec<A>", "Iterator<I>": a type parameter.
        bool isParameter = !isEnd && length == 1 && char.IsAsciiLetterUpper(text[0]);
        text = text[length..];
        return text[0] switch
        {
            '>' => !isParameter,
            '/' => text is ['/', '>', ..],
            _ => char.IsWhiteSpace(text[0]) && IsClosed(text),
        };
    }

    // "Vec<Span>", "<Code />": a type or a component in a title about code.
    private static bool IsMixedCase(ReadOnlySpan<char> name) => name.ContainsAny(Capitals) && name.ContainsAny(SmallLetters);

    // Nothing more, or attributes: "x <b and y> z" has none. Stops at the next "<", where the scan goes on, so nothing is looked at for ever.
    private static bool IsClosed(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAny('<', '>');
        return end >= 0 && text[end] == '>' && (text[..end].Trim() is [] or ['/'] || text[..end].Contains('='));
    }

    // What follows an "&".
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
