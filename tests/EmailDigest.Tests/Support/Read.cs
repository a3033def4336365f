using System.Text;
using DigestStore;
using EmailDigest.Collect;

namespace EmailDigest.Tests.Support;

internal static class Read
{
    public static Feed Text(string document, string? address = null) => Bytes(Encoding.UTF8.GetBytes(document), address);

    public static Feed Bytes(byte[] document, string? address = null, string? charset = null) =>
        Feed.Read(new FeedDocument("test", document, address is null ? null : new Uri(address), charset));

    public static DigestItem RssItem(string item, string channel = "<title>T</title><link>https://example.com/</link>") =>
        Assert.Single(Rss(item, channel).Items);

    public static Feed Rss(string items, string channel = "<title>T</title><link>https://example.com/</link>") => Text(
        $"""<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{channel}{items}</channel></rss>""");

    public static Feed Atom(string entries, string attributes = "", string head = "<title>T</title>") => Text(
        $"""<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{head}{entries}</feed>""");

    public static DigestItem AtomEntry(string entry, string attributes = "") => Assert.Single(Atom($"<entry>{entry}</entry>", attributes).Items);
}
