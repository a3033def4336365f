using System.Net;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace EmailDigest.Collect;

/// <summary>Plain text of what feeds hold: HTML, text, and text with a little HTML in it.</summary>
internal static partial class EntryText
{
    public const int SummaryLength = 280;
    public const int TitleLength = 300;
    public const int AuthorLength = 200;
    private const int BeginningLength = 80;
    private const int TagLength = 60;
    private const int MaxTags = 10;
    private const int MaxTitle = 600;
    private const string InlineNames = "a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|tt|u|wbr";
    private const string BlockNames = "blockquote|center|div|h[1-6]|li|ol|p|pre|script|style|table|td|tr|ul";
    private static readonly HashSet<string> Hidden = ["script", "style", "template", "noscript", "iframe", "title"];
    private static readonly HashSet<string> Inline = [.. InlineNames.Split('|')];

    /// <summary>The text of HTML, on one line, cut at a word.</summary>
    /// <remarks>AngleSharp's tokens are enough for it. A tree of them can be thousands of times larger than the HTML.</remarks>
    public static string FromHtml(string? html)
    {
        var text = new StringBuilder();
        string? hidden = null;
        using var source = new TextSource(html is { Length: > FeedLimits.Html } ? html[..FeedLimits.Html] : html ?? "");
        using var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver) { ShouldEmitAttribute = static (ref _, _) => false };
        for (HtmlToken token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            if (token.Type == HtmlTokenType.Character)
            {
                text.Append(hidden is null ? token.Data : "");
            }
            else if (token.Type == HtmlTokenType.StartTag && Hidden.Contains(token.Name))
            {
                (hidden, tokenizer.State) = (token.Name, token.Name == "script" ? HtmlParseMode.Script : HtmlParseMode.Rawtext);
            }
            else if (token.Type is HtmlTokenType.StartTag or HtmlTokenType.EndTag)
            {
                hidden = token.Name == hidden ? null : hidden;
                text.Append(Inline.Contains(token.Name) ? "" : " ");
            }
        }

        return Clean(text.ToString(), SummaryLength);
    }

    /// <summary>
    /// The text of a title, which may be HTML or talk about HTML. It is HTML where every tag has its partner, and words are between the two;
    /// otherwise all of it is text. So "Use &lt;b&gt;x&lt;/b&gt; for bold" loses its tags: nobody can tell it from a bold x.
    /// </summary>
    public static string FromTitle(string? title, int maxLength = TitleLength)
    {
        string text = title is { Length: > MaxTitle } ? title[..MaxTitle] : title ?? "";
        string plain = LineBreakOrImage().Replace(text, " ");
        for (string before = ""; before != plain;)
        {
            before = plain;
            plain = Pair().Replace(plain, pair => pair.Groups["inline"].Success ? pair.Groups["words"].Value : $" {pair.Groups["words"].Value} ");
        }

        return Clean(WebUtility.HtmlDecode(Tag().IsMatch(plain) ? text : plain), maxLength);
    }

    /// <summary>Notes of micro blogs have no title, so theirs is how their text begins.</summary>
    public static string TitleOrBeginning(string title, string summary, FeedProblems problems)
    {
        problems.AddIf(title.Length == 0, summary.Length > 0 ? "no title, so the text's beginning is used" : "no title and no text");
        return title.Length > 0 ? title : Clean(summary, BeginningLength);
    }

    public static string? First(params IEnumerable<string?> texts) => texts.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    /// <summary>An entry's labels: clean, each once, not endless.</summary>
    public static IReadOnlyList<string> Tags(IEnumerable<string?> labels) =>
        [.. labels.Select(label => FromTitle(label, TagLength)).Where(label => label.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxTags)];

    /// <summary>Text on one line, without control and invisible characters and half characters, cut at a word.</summary>
    public static string Clean(string? text, int maxLength)
    {
        var clean = new StringBuilder();
        bool space = false;
        foreach (Rune written in (text ?? "").EnumerateRunes())
        {
            // As in HTML: the control characters from 128 to 159 are windows-1252.
            Rune rune = written.Value is >= 0x80 and <= 0x9F ? new Rune(FeedText.Windows1252.GetChars([(byte)written.Value])[0]) : written;
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                space = clean.Length > 0;
            }
            else if (!IsInvisible(rune))
            {
                clean.Append(space ? " " : "").Append(rune);
                space = false;
                if (clean.Length > maxLength)
                {
                    return Cut(clean.ToString(), maxLength);
                }
            }
        }

        return clean.ToString();
    }

    // Direction overrides can make a link's text lie about what it is; U+FEFF is a stray byte order mark, U+FFFD a character that was lost.
    private static bool IsInvisible(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF or 0xFFFD;

    private static string Cut(string text, int maxLength)
    {
        int space = text.LastIndexOf(' ', maxLength - 1);
        int end = space >= maxLength / 2 ? space : char.IsHighSurrogate(text[maxLength - 2]) ? maxLength - 2 : maxLength - 1;
        return text[..end].TrimEnd(' ', ',', ';', ':', '.') + "…";
    }

    // A pair of tags with nothing but text in it. One that has attributes formats, be there words or not.
    [GeneratedRegex(
        $$"""<(?<name>(?<inline>{{InlineNames}})|{{BlockNames}})(?:\s[^<>]*>|>(?=[^<]*[^<\s\p{P}]))(?<words>(?:[^<]|<(?![a-z/]))*)</\k<name>\s*>""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pair();

    [GeneratedRegex($"</?(?:{InlineNames}|{BlockNames})(?:\\s[^<>]*)?>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();

    // A break between two spaces is one that the title talks about.
    [GeneratedRegex(@"(?<!\s)<br\s*/?>|<br\s*/?>(?=\S)|<img\s[^<>]*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LineBreakOrImage();
}
