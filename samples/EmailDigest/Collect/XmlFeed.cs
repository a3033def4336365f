using System.Xml.Linq;
using CodeHollow.FeedReader;
using CodeHollow.FeedReader.Feeds;

namespace EmailDigest.Collect;

/// <summary>RSS 0.9x to 2.0 and Atom by CodeHollow.FeedReader, and what it does not settle: which link, against which base, whose text is HTML.</summary>
internal static class XmlFeed
{
    private const string RelationPrefix = "http://www.iana.org/assignments/relation/";

    public static Feed Read(FeedDocument document, string text, FeedProblems problems)
    {
        XElement? tree = XmlTree.Read(text, problems);
        XElement? root = tree?.DescendantsAndSelf().FirstOrDefault(element => element.Name.LocalName is "rss" or "rdf" or "feed");
        if (root is null)
        {
            problems.AddIf(true, tree is null ? "no XML element in it" : $"not a feed: the document is <{EntryText.Clean(tree.Name.LocalName, 40)}>");
            return new Feed(document.Name, Feed.NoFormat, [], problems.ToList(), IsPartial: true);
        }

        problems.AddIf(root != tree, $"the feed is inside of <{EntryText.Clean(tree!.Name.LocalName, 40)}>");
        bool isAtom = root.Name.LocalName == "feed";
        string version = EntryText.Clean((string?)root.Attribute("version"), 8);
        XElement channel = root.Elements().FirstOrDefault(element => element.Name.LocalName == "channel") ?? root;
        XElement[] entries = [.. root.Descendants().Where(XmlTree.IsEntry)];
        int nested = entries.Count(entry => entry.Ancestors().Any(XmlTree.IsEntry));
        problems.AddIf(nested > 0, $"{nested} entries are inside of other entries");

        CodeHollow.FeedReader.Feed feed = FeedReader.ReadFromString(Plain(isAtom, channel, entries).ToString(SaveOptions.DisableFormatting));
        Uri? address = FeedLink.ToBase(document.Address?.AbsoluteUri) ?? FeedLink.ToBase(LinkOf(channel, "self")?.Value);
        Uri? home = FeedLink.ToBase(FeedLink.Resolve(address, isAtom ? LinkOf(channel, "alternate")?.Value : feed.Link));
        Uri? @base = isAtom ? address ?? home : home ?? address;
        string title = EntryText.FromTitle(feed.Title);
        string source = title.Length > 0 ? title : @base?.Host ?? document.Address?.Host ?? "";
        DigestItem[] items = [.. feed.Items.Select((item, index) => ToItem(item, entries[index], @base, problems.At(index + 1)) with { Source = source })];
        string format = isAtom ? $"Atom {(version == "0.3" ? version : "1.0")}" : root.Name.LocalName == "rdf" ? "RSS 1.0" : $"RSS {(version.Length > 0 ? version : "?")}";
        return new Feed(document.Name, format, items, problems.ToList(), problems.IsLoss);
    }

    // What the library insists on: a version that it knows, items within the channel, pubDate with a capital, names without a prefix but
    // for those of Dublin Core and content. Entries within entries count for themselves.
    private static XElement Plain(bool isAtom, XElement channel, XElement[] entries)
    {
        string own = (entries.FirstOrDefault() ?? channel).Name.NamespaceName;
        var head = channel.Elements().Where(element => element.Name.LocalName is "title" or "link" && element.Name.NamespaceName == own).Select(WithoutPrefix);
        var plain = entries.Select(entry => new XElement(
            isAtom ? "entry" : "item",
            entry.Elements().Where(part => !XmlTree.IsEntry(part)).Select(part => part.Name.NamespaceName == own ? WithoutPrefix(part) : part)));
        XElement content = isAtom ? new XElement("feed", head, plain) : new XElement("rss", new XAttribute("version", "2.0"), new XElement("channel", head, plain));
        content.Add(new XAttribute(XNamespace.Xmlns + "dc", "dc"), new XAttribute(XNamespace.Xmlns + "content", "content"));
        return content;
    }

    private static XElement WithoutPrefix(XElement element) => new(element.Name.LocalName == "pubdate" ? "pubDate" : element.Name.LocalName, element.Attributes(), element.Nodes());

    private static DigestItem ToItem(FeedItem item, XElement entry, Uri? @base, FeedProblems problems)
    {
        var rss = item.SpecificItem as Rss20FeedItem;
        string summary = TextOf(entry, rss is null, item.Description, "summary");
        summary = summary.Length > 0 ? summary : TextOf(entry, rss is null, item.Content, "content");
        string? date = EntryText.First(item.PublishingDateString, Value(entry, "date"), Value(entry, "issued"), Value(entry, "updated"), Value(entry, "modified"));
        return new DigestItem
        {
            Url = UrlOf(item, rss, entry, @base, problems),
            Title = EntryText.TitleOrBeginning(TitleOf(entry, rss is null, EntryText.First(item.Title, Value(entry, "title"))), summary, problems),
            Summary = summary,
            Author = EntryText.FromTitle(EntryText.First(rss?.DC?.Creator, (item.SpecificItem as AtomFeedItem)?.Author?.Name, rss?.Author), EntryText.AuthorLength),
            PublishedAt = FeedDate.Parse(date, problems),
            Tags = EntryText.Tags(entry.Elements().Where(part => part.Name.LocalName is "category" or "subject")
                .Select(part => EntryText.First((string?)part.Attribute("label"), (string?)part.Attribute("term"), part.Value))),
        };
    }

    private static string UrlOf(FeedItem item, Rss20FeedItem? rss, XElement entry, Uri? @base, FeedProblems problems)
    {
        // RSS 2.0: a guid is a permanent link unless it says otherwise. An episode of a podcast may have nothing but its recording.
        bool isPermanent = !string.Equals(Child(entry, "guid")?.Attribute("ispermalink")?.Value.Trim(), "false", StringComparison.OrdinalIgnoreCase);
        XAttribute? alternate = LinkOf(entry, "alternate");
        XAttribute? enclosure = LinkOf(entry, "enclosure") ?? Child(entry, "enclosure")?.Attribute("url");
        string? own = rss is null ? null : item.Link;
        string? id = isPermanent && FeedLink.IsWeb(item.Id) ? item.Id : null;
        XElement place = string.IsNullOrWhiteSpace(own) && alternate is not null ? alternate.Parent! : entry;
        Uri? within = place.AncestorsAndSelf().Reverse().Aggregate(@base, (outer, element) => FeedLink.BaseWithin(outer, (string?)element.Attribute(XName.Get("base", "xml"))));
        return FeedLink.Resolve(within, EntryText.First(own, alternate?.Value, id, enclosure?.Value), problems);
    }

    // RFC 4287 section 4.2.7.2: no relation means alternate; relations may also be addresses. Of several alternates the web page is meant.
    private static XAttribute? LinkOf(XElement element, string relation) => element.Elements()
        .Where(link => link.Name.LocalName == "link" && !string.IsNullOrWhiteSpace((string?)link.Attribute("href")))
        .Where(link => string.Equals(EntryText.First((string?)link.Attribute("rel"), "alternate")!.Trim().Replace(RelationPrefix, "", StringComparison.OrdinalIgnoreCase), relation, StringComparison.OrdinalIgnoreCase))
        .Select(link => link.Attribute("href")!)
        .MinBy(link => (FeedLink.HasForeignScheme(link.Value) ? 2 : 0) + (EntryText.First((string?)link.Parent!.Attribute("type"), "html")!.Contains("html", StringComparison.OrdinalIgnoreCase) ? 0 : 1));

    // RFC 4287 section 3.1: Atom's text is plain unless its type says otherwise; a title of RSS is text that often has HTML in it.
    private static string TitleOf(XElement entry, bool isAtom, string? title) =>
        isAtom && (Child(entry, "title") is { HasElements: true } || !IsHtml(Child(entry, "title"))) ? EntryText.Clean(title, EntryText.TitleLength) : EntryText.FromTitle(title);

    private static string TextOf(XElement entry, bool isAtom, string? text, string name)
    {
        XElement? part = isAtom ? Child(entry, name) : null;
        return part is { HasElements: true } ? EntryText.FromHtml(string.Concat(part.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting))))
            : isAtom && !IsHtml(part) ? EntryText.Clean(text, EntryText.SummaryLength)
            : EntryText.FromHtml(text);
    }

    private static bool IsHtml(XElement? text) =>
        ((string?)text?.Attribute("type"))?.Contains("html", StringComparison.OrdinalIgnoreCase) == true || (string?)text?.Attribute("mode") == "escaped";

    private static XElement? Child(XElement entry, string name) => entry.Elements().FirstOrDefault(part => part.Name.LocalName == name);

    private static string? Value(XElement entry, string name) =>
        entry.Elements().FirstOrDefault(part => part.Name.LocalName == name && !part.IsEmpty)?.Value;
}
