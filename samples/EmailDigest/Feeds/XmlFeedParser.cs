using System.Globalization;
using System.Xml.Linq;
using DigestStore;

namespace EmailDigest.Feeds;

/// <summary>Reads an XML feed entry by entry, so that what comes before an error is kept.</summary>
internal static class XmlFeedParser
{
    public static Feed Parse(FeedDocument document, string xml, FeedProblems problems)
    {
        XmlEntries strict = XmlEntries.Read(xml);
        XmlEntries read = strict;
        if (strict.Error is not null)
        {
            XmlEntries repaired = XmlEntries.Read(XmlRepair.Repair(xml));
            read = repaired.Entries.Count > strict.Entries.Count || repaired.Error is null ? repaired : strict;
            problems.Add(read.Error is null
                ? $"malformed XML, repaired: {strict.Error}"
                : $"malformed XML, kept the {read.Entries.Count} entries before the error: {read.Error}");
        }

        if (FormatOf(read.Root) is not { } format)
        {
            problems.Add(read.Root is null ? "no XML element in it" : $"not a feed: the document is <{HtmlText.Clean(read.Root.Name.LocalName, 40)}>");
            return new Feed(document.Name, Feed.NoFormat, [], problems.ToList());
        }

        if (read.Wrapper is not null)
        {
            problems.Add($"the feed is inside of <{HtmlText.Clean(read.Wrapper, 40)}>");
        }

        if (read.Nested > 0)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{read.Nested} entries are inside of other entries"));
        }

        bool atom = format.StartsWith("Atom", StringComparison.Ordinal);
        Uri? @base = BaseOf(document, read);
        string? title = atom ? AtomParser.TitleOf(read.Head) : RssParser.TitleOf(read.Head);
        string source = string.IsNullOrEmpty(title) ? @base?.Host ?? document.Address?.Host ?? "" : title;
        var items = new List<DigestItem>(read.Entries.Count);
        foreach (XElement entry in read.Entries)
        {
            int number = items.Count + 1;
            items.Add(atom ? AtomParser.Parse(entry, @base, source, number, problems) : RssParser.Parse(entry, @base, source, number, problems));
        }

        return new Feed(document.Name, format, items, problems.ToList());
    }

    // xml:base, else the document's own address, else what the feed says about itself. RFC 4287 knows the first two; RSS knows
    // none, and its readers use the channel's link.
    private static Uri? BaseOf(FeedDocument document, XmlEntries read)
    {
        Uri? address = FeedLink.ToBase(document.Address?.AbsoluteUri) ?? FeedLink.ToBase(LinkOf(read, "self"));
        Uri? declared = read.Bases.Aggregate(address, FeedLink.BaseWithin);
        return declared != address
            ? declared
            : FeedLink.ToBase(FeedLink.Resolve(address, RssParser.HomeOf(read.Head))) ?? address ?? FeedLink.ToBase(LinkOf(read, "alternate"));
    }

    private static string? LinkOf(XmlEntries read, string relation) => read.Head
        .Where(part => part.Name == AtomParser.LinkName && ((string?)part.Attribute("rel") ?? "alternate") == relation)
        .Select(part => (string?)part.Attribute("href"))
        .FirstOrDefault(FeedLink.IsWeb);

    private static string? FormatOf(XElement? root) => root?.Name.LocalName switch
    {
        "rss" => $"RSS {HtmlText.Clean((string?)root.Attribute("version") ?? "?", 8)}",
        "RDF" => "RSS 1.0",
        "feed" when root.Name.NamespaceName == "http://purl.org/atom/ns#" => "Atom 0.3",
        "feed" => "Atom 1.0",
        _ => null,
    };
}
