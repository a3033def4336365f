using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace EmailDigest.Feeds;

/// <summary>Plain text of what feeds hold: HTML, almost HTML and text.</summary>
internal static partial class HtmlText
{
    public const int SummaryLength = 280;
    public const int TitleLength = 300;

    // A summary needs the beginning only, and a hostile document must not cost more than that.
    private const int MaxHtml = 32_768;

    private static readonly HashSet<string> Hidden = new(StringComparer.OrdinalIgnoreCase) { "script", "style", "template", "noscript", "iframe", "head", "title" };

    private static readonly HashSet<string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
    };

    /// <summary>The text of HTML, on one line, cut at a word.</summary>
    public static string FromHtml(string? html, int maxLength = SummaryLength)
    {
        if (string.IsNullOrWhiteSpace(html))
        {
            return "";
        }

        string start = html.Length > MaxHtml ? html[..MaxHtml] : html;
        using AngleSharp.Html.Dom.IHtmlDocument document = new HtmlParser().ParseDocument(start);
        return Clean(TextOf(document), maxLength);
    }

    /// <summary>The text of a field that should be text but often holds HTML: tags count only where they are HTML's.</summary>
    public static string FromLooseText(string? text, int maxLength)
    {
        string start = text is { Length: > MaxHtml } ? text[..MaxHtml] : text ?? "";
        return KnownTag().IsMatch(start) ? FromHtml(start, maxLength) : Clean(WebUtility.HtmlDecode(start), maxLength);
    }

    /// <summary>Text on one line, without control and invisible characters and half characters, cut at a word.</summary>
    public static string Clean(string? text, int maxLength)
    {
        var clean = new StringBuilder();
        bool space = false;
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                space = clean.Length > 0;
                continue;
            }

            if (IsInvisible(rune))
            {
                continue;
            }

            if (space)
            {
                clean.Append(' ');
                space = false;
            }

            clean.Append(rune);
            if (clean.Length > maxLength)
            {
                return Cut(clean.ToString(), maxLength);
            }
        }

        return clean.ToString();
    }

    // Direction overrides can make a link's text lie about what it is; U+FEFF is a stray byte order mark.
    private static bool IsInvisible(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF or 0xFFFD;

    private static string Cut(string text, int maxLength)
    {
        int end = text.LastIndexOf(' ', maxLength - 1);
        if (end < maxLength / 2)
        {
            end = char.IsHighSurrogate(text[maxLength - 2]) ? maxLength - 2 : maxLength - 1;
        }

        return text[..end].TrimEnd(' ', ',', ';', ':', '.') + "…";
    }

    // Walks without recursion: a feed may nest ten thousand elements.
    private static string TextOf(INode root)
    {
        var text = new StringBuilder();
        INode? node = root;
        while (node is not null)
        {
            bool hidden = node is IElement element && Hidden.Contains(element.LocalName);
            if (node is IText words)
            {
                text.Append(words.Data);
            }
            else if (node is IElement block && !Inline.Contains(block.LocalName))
            {
                text.Append(' ');
            }

            node = (hidden ? null : node.FirstChild) ?? After(node, root, text);
        }

        return text.ToString();
    }

    private static INode? After(INode node, INode root, StringBuilder text)
    {
        for (INode? current = node; current is not null && current != root; current = current.Parent)
        {
            if (current is IElement block && !Inline.Contains(block.LocalName))
            {
                text.Append(' ');
            }

            if (current.NextSibling is not null)
            {
                return current.NextSibling;
            }
        }

        return null;
    }

    [GeneratedRegex(
        "</?(?:a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|table|td|tr|tt|u|ul|wbr)(?:\\s[^<>]*)?/?>",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex KnownTag();
}
