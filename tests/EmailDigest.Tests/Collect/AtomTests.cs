using EmailDigest.Collect;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Collect;

public sealed class AtomTests
{
    [Theory]
    [InlineData("<title>A &lt;b&gt; c</title>", "A <b> c")]
    [InlineData("<title type=\"text\">A &amp;amp; B</title>", "A &amp; B")]
    [InlineData("<title type=\"html\">A &lt;b&gt;c&lt;/b&gt; &amp;amp; d</title>", "A c & d")]
    [InlineData("<title type=\"html\"><![CDATA[A <i>c</i>]]></title>", "A c")]
    [InlineData("<title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">A <i>c</i> &lt; d</div></title>", "A c < d")]
    public void A_title_is_read_by_its_type(string title, string expected) => Assert.Equal(expected, Read.AtomEntry(title).Title);

    [Fact]
    public void The_alternate_link_is_the_link() => Assert.Equal("https://example.com/a", Read.AtomEntry(
        """
        <title>t</title><link rel="self" href="https://example.com/self"/><link rel="replies" href="https://example.com/r"/>
        <link rel="alternate" href="https://example.com/a"/><link rel="enclosure" href="https://example.com/e"/>
        """).Url);

    [Theory]
    [InlineData("<link href=\"a\"/>", "https://example.com/x/a")]
    [InlineData("<link href=\"/a\"/>", "https://example.com/a")]
    [InlineData("<link xml:base=\"y/\" href=\"a\"/>", "https://example.com/x/y/a")]
    [InlineData("<link xml:base=\"https://other.example/\" href=\"a\"/>", "https://other.example/a")]
    public void Links_are_relative_to_xml_base(string link, string expected) =>
        Assert.Equal(expected, Read.AtomEntry("<title>t</title>" + link, "xml:base=\"https://example.com/x/\"").Url);

    [Fact]
    public void Without_an_alternate_link_a_web_address_in_the_id_is_the_link()
    {
        Assert.Equal("https://example.com/1", Read.AtomEntry("<title>t</title><id>https://example.com/1</id>").Url);
        Assert.Equal("", Read.AtomEntry("<title>t</title><id>tag:example.com,2026:1</id>").Url);
        Assert.Equal("https://example.com/e.mp3", Read.AtomEntry("<title>t</title><link rel=\"enclosure\" href=\"https://example.com/e.mp3\"/>").Url);
    }

    [Fact]
    public void The_source_of_an_entry_is_not_the_entry()
    {
        var item = Read.AtomEntry("<source><title>other</title><link href=\"https://other.example/\"/></source><title>t</title><link href=\"https://example.com/\"/>");

        Assert.Equal(("t", "https://example.com/"), (item.Title, item.Url));
    }

    [Fact]
    public void Atom_0_3_is_read()
    {
        Feed feed = Read.Text(
            """
            <feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Feed</title><entry><title mode="escaped" type="text/html">&lt;b&gt;x&lt;/b&gt;</title>
            <link rel="alternate" href="https://example.com/"/><issued>2003-12-13T08:29:29-04:00</issued></entry></feed>
            """);

        Assert.Equal("Atom 0.3", feed.Format);
        Assert.Equal(("Feed", "x", 2003), (feed.Items[0].Source, feed.Items[0].Title, feed.Items[0].PublishedAt!.Value.Year));
    }

    [Fact]
    public void A_feed_inside_of_a_page_is_found_and_reported()
    {
        Feed feed = Read.Text("<html><body><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title><entry><title>t</title><link href=\"https://example.com/\"/></entry></feed></body></html>");

        Assert.Equal(("Atom 1.0", 1), (feed.Format, feed.Items.Count));
        Assert.Equal(["the feed is inside of <html>"], feed.Problems);
    }
}
