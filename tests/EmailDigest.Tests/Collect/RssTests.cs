using EmailDigest.Collect;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Collect;

public sealed class RssTests
{
    [Fact]
    public void An_item_has_all_that_the_feed_says()
    {
        var item = Read.RssItem(
            """
            <item><title>Title</title><link> https://example.com/a </link><description>&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;&lt;/p&gt;&lt;p&gt;three&lt;/p&gt;</description>
            <dc:creator>Ada</dc:creator><pubDate>Fri, 20 Nov 2026 08:05:00 +0100</pubDate><category>x</category><category>X</category><category>y</category></item>
            """);

        Assert.Equal("https://example.com/a", item.Url);
        Assert.Equal("Title", item.Title);
        Assert.Equal("One two three", item.Summary);
        Assert.Equal("T", item.Source);
        Assert.Equal("Ada", item.Author);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 7, 5, 0, TimeSpan.Zero), item.PublishedAt);
        Assert.Equal(["x", "y"], item.Tags);
    }

    [Theory]
    [InlineData("<guid>https://example.com/g</guid>", "https://example.com/g")]
    [InlineData("<guid isPermaLink=\"false\">https://example.com/g</guid>", "")]
    [InlineData("<guid>42</guid>", "")]
    [InlineData("<link></link><guid>https://example.com/g</guid>", "https://example.com/g")]
    [InlineData("<a:link xmlns:a=\"http://www.w3.org/2005/Atom\" rel=\"self\" href=\"https://example.com/s\"/>", "")]
    [InlineData("<a:link xmlns:a=\"http://www.w3.org/2005/Atom\" href=\"https://example.com/s\"/>", "https://example.com/s")]
    [InlineData("<enclosure url=\"https://example.com/e.mp3\"/>", "https://example.com/e.mp3")]
    public void Without_a_link_the_permanent_guid_is_the_link(string parts, string expected) =>
        Assert.Equal(expected, Read.RssItem($"<item><title>t</title>{parts}</item>").Url);

    [Theory]
    [InlineData("/a?b=1", "https://example.com/a?b=1")]
    [InlineData("a", "https://example.com/a")]
    [InlineData("//other.example/a", "https://other.example/a")]
    [InlineData("javascript:alert(1)", "javascript:alert(1)")]
    public void A_relative_link_is_relative_to_the_channels(string link, string expected) =>
        Assert.Equal(expected, Read.RssItem($"<item><title>t</title><link>{link}</link></item>").Url);

    [Fact]
    public void Xml_base_comes_before_the_channels_link() => Assert.Equal("https://base.example/x/a", Assert.Single(Read.Text(
        "<rss xml:base=\"https://base.example/\"><channel><link>https://example.com/</link><item xml:base=\"x/\"><link>a</link></item></channel></rss>").Items).Url);

    [Fact]
    public void A_relative_link_in_a_feed_without_an_address_stays_and_is_reported()
    {
        Feed feed = Read.Rss("<item><title>t</title><link>/a</link></item>", "<link>/home</link>");

        Assert.Equal("/a", Assert.Single(feed.Items).Url);
        Assert.Equal(["entry 1: relative link in a feed that has no address"], feed.Problems);
    }

    [Fact]
    public void A_relative_channel_link_is_relative_to_the_documents_address() => Assert.Equal(
        "https://feeds.example/home/a",
        Assert.Single(Read.Text("<rss><channel><link>/home/</link><item><link>a</link></item></channel></rss>", "https://feeds.example/x/feed.xml").Items).Url);

    [Theory]
    [InlineData("List&amp;lt;T&amp;gt; &amp;amp; friends", "List<T> & friends")]
    [InlineData("Rent &amp;#x0024;4300, 1930ft&lt;sup&gt;2&lt;/sup&gt;", "Rent $4300, 1930ft2")]
    [InlineData("<![CDATA[A < B & C > D]]>", "A < B & C > D")]
    [InlineData("<![CDATA[List<T> in depth]]>", "List<T> in depth")]
    [InlineData("  two\n lines  ", "two lines")]
    public void A_title_is_text_even_where_it_holds_html(string xml, string expected) =>
        Assert.Equal(expected, Read.RssItem($"<item><title>{xml}</title><link>https://example.com/</link></item>").Title);

    [Fact]
    public void An_item_without_a_title_begins_with_its_text()
    {
        Feed feed = Read.Rss("<item><link>https://example.com/1</link><description>Short note.</description></item><item><link>https://example.com/2</link></item>");

        Assert.Equal(["Short note.", ""], feed.Items.Select(item => item.Title));
        Assert.Equal(["entry 1: no title, so the text's beginning is used", "entry 2: no title and no text"], feed.Problems);
    }

    [Fact]
    public void Rss_1_0_has_its_items_beside_the_channel()
    {
        Feed feed = Read.Text(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel rdf:about="x"><title>R</title><link>https://example.com/</link></channel>
            <item rdf:about="y"><title>t</title><link>https://example.com/1</link><dc:date>2026-11-20</dc:date></item></rdf:RDF>
            """);

        Assert.Equal("RSS 1.0", feed.Format);
        Assert.Equal(("R", new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero)), (feed.Items[0].Source, feed.Items[0].PublishedAt!.Value));
    }

    [Fact]
    public void Items_within_items_count_for_themselves_and_are_reported()
    {
        Feed feed = Read.Rss("<item><title>outer</title><link>https://example.com/</link><item/></item>");

        Assert.Equal(2, feed.Items.Count);
        Assert.Contains("1 entries are inside of other entries", feed.Problems);
    }
}
