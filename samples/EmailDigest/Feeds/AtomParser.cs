using System.Text;
using System.Xml.Linq;
using DigestStore;

namespace EmailDigest.Feeds;

/// <summary>One entry of Atom 1.0 (RFC 4287) or 0.3.</summary>
internal static class AtomParser
{
    private const string RelationPrefix = "http://www.iana.org/assignments/relation/";

    public static readonly XName LinkName = XName.Get("link", "http://www.w3.org/2005/Atom");

    public static string? TitleOf(IReadOnlyList<XElement> head) => Text(head.FirstOrDefault(part => IsAtom(part, "title")), HtmlText.TitleLength);

    public static DigestItem Parse(XElement entry, Uri? @base, string source, int number, FeedProblems problems)
    {
        string summary = First(Text(Child(entry, "summary"), HtmlText.SummaryLength), Text(Child(entry, "content"), HtmlText.SummaryLength)) ?? "";
        return new DigestItem
        {
            Url = LinkOf(entry, @base, number, problems),
            Title = FeedTitle.OrFromText(Text(Child(entry, "title"), HtmlText.TitleLength), summary, number, problems),
            Summary = summary,
            Source = source,
            Author = HtmlText.Clean(Child(entry, "author") is { } author ? Child(author, "name")?.Value : null, 200),
            PublishedAt = FeedDate.Parse(
                First(Child(entry, "published")?.Value, Child(entry, "issued")?.Value, Child(entry, "updated")?.Value, Child(entry, "modified")?.Value), number, problems),
            Tags = FeedTags.Of(entry.Elements().Where(part => IsAtom(part, "category"))
                .Select(part => (string?)part.Attribute("label") ?? (string?)part.Attribute("term"))),
        };
    }

    private static string LinkOf(XElement entry, Uri? @base, int number, FeedProblems problems)
    {
        Uri? within = FeedLink.BaseWithin(@base, entry);
        XElement? link = Link(entry, "alternate");
        if (link is not null)
        {
            return FeedLink.Resolve(FeedLink.BaseWithin(within, link), (string?)link.Attribute("href"), number, problems);
        }

        // Many feeds without an alternate link have the page's address for an id.
        string? id = Child(entry, "id")?.Value.Trim();
        return FeedLink.Resolve(within, FeedLink.IsWeb(id) ? id : (string?)Link(entry, "enclosure")?.Attribute("href"), number, problems);
    }

    // RFC 4287 section 4.2.7.2: no relation means alternate; relations may also be written as addresses.
    private static XElement? Link(XElement entry, string relation) => entry.Elements().FirstOrDefault(part =>
        IsAtom(part, "link") &&
        !string.IsNullOrWhiteSpace((string?)part.Attribute("href")) &&
        ((string?)part.Attribute("rel") is { Length: > 0 } written ? written == relation || written == RelationPrefix + relation : relation == "alternate"));

    // RFC 4287 section 3.1: text is plain unless its type says otherwise. Atom 0.3 says it by media type and mode.
    private static string Text(XElement? element, int maxLength)
    {
        if (element is null)
        {
            return "";
        }

        string type = ((string?)element.Attribute("type") ?? "text").Trim().ToLowerInvariant();
        string mode = ((string?)element.Attribute("mode") ?? "").Trim().ToLowerInvariant();
        string value = mode == "base64" ? FromBase64(element.Value) : element.Value;
        return type switch
        {
            "xhtml" or "application/xhtml+xml" => element.HasElements ? HtmlText.FromHtml(Inner(element), maxLength) : HtmlText.Clean(value, maxLength),
            "html" or "text/html" => HtmlText.FromHtml(element.HasElements ? Inner(element) : value, maxLength),
            _ when mode == "escaped" => HtmlText.FromLooseText(value, maxLength),
            _ => HtmlText.Clean(value, maxLength),
        };
    }

    private static string Inner(XElement element) => string.Concat(element.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)));

    private static string FromBase64(string value)
    {
        byte[] bytes = new byte[value.Length];
        return Convert.TryFromBase64String(value.Trim(), bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }

    private static XElement? Child(XElement entry, string name) => entry.Elements().FirstOrDefault(part => IsAtom(part, name));

    private static bool IsAtom(XElement part, string name) =>
        part.Name.LocalName == name && part.Name.NamespaceName is "http://www.w3.org/2005/Atom" or "http://purl.org/atom/ns#" or "";

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
