using System.Xml.Linq;
using DigestStore;

namespace EmailDigest.Feeds;

/// <summary>One item of RSS 0.9x, 1.0 (RDF) or 2.0.</summary>
internal static class RssParser
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Content = "http://purl.org/rss/1.0/modules/content/";
    private static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";

    public static string? TitleOf(IEnumerable<XElement> head) =>
        HtmlText.FromLooseText(Plain(head, "title")?.Value, HtmlText.TitleLength);

    public static string? HomeOf(IEnumerable<XElement> head) => Plain(head, "link")?.Value.Trim();

    public static DigestItem Parse(XElement item, Uri? @base, string source, int number, FeedProblems problems)
    {
        Uri? within = FeedLink.BaseWithin(@base, item);
        XElement[] parts = [.. item.Elements()];
        string? html = First(Plain(parts, "description")?.Value, item.Element(Content + "encoded")?.Value);
        string summary = HtmlText.FromHtml(html);
        return new DigestItem
        {
            Url = FeedLink.Resolve(within, LinkOf(item, parts), number, problems),
            Title = FeedTitle.OrFromText(HtmlText.FromLooseText(Plain(parts, "title")?.Value, HtmlText.TitleLength), summary, number, problems),
            Summary = summary,
            Source = source,
            Author = HtmlText.FromLooseText(First(item.Element(DublinCore + "creator")?.Value, Plain(parts, "author")?.Value), 200),
            PublishedAt = FeedDate.Parse(
                First(Plain(parts, "pubDate")?.Value, item.Element(DublinCore + "date")?.Value, item.Element(Atom + "updated")?.Value), number, problems),
            Tags = FeedTags.Of(parts.Where(part => part.Name.LocalName == "category" || part.Name == DublinCore + "subject").Select(part => part.Value)),
        };
    }

    private static string? LinkOf(XElement item, XElement[] parts) => First(
        Plain(parts, "link")?.Value,
        item.Elements(Atom + "link").FirstOrDefault(link => (string?)link.Attribute("rel") is null or "alternate")?.Attribute("href")?.Value,
        // RSS 2.0: a guid is a permanent link unless it says otherwise.
        parts.FirstOrDefault(part => part.Name.LocalName == "guid" && !IsFalse((string?)part.Attribute("isPermaLink")) && FeedLink.IsWeb(part.Value.Trim()))?.Value,
        // An episode of a podcast may have nothing but its recording.
        (string?)Plain(parts, "enclosure", empty: true)?.Attribute("url"));

    private static bool IsFalse(string? value) => string.Equals(value?.Trim(), "false", StringComparison.OrdinalIgnoreCase);

    // RSS's own elements: in RSS 2.0 they have no namespace, in RSS 1.0 that of the version.
    private static XElement? Plain(IEnumerable<XElement> parts, string name, bool empty = false) => parts.FirstOrDefault(part =>
        part.Name.LocalName == name &&
        part.Name.NamespaceName is "" or "http://purl.org/rss/1.0/" or "http://my.netscape.com/rdf/simple/0.9/" or "http://backend.userland.com/rss2" &&
        (empty || !string.IsNullOrWhiteSpace(part.Value)));

    private static string? First(params ReadOnlySpan<string?> values)
    {
        foreach (string? value in values)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                return value;
            }
        }

        return null;
    }
}
