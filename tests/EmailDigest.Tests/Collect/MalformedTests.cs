using EmailDigest.Collect;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Collect;

public sealed class MalformedTests
{
    private const string Good = "<item><title>good</title><link>https://example.com/good</link></item>";

    [Theory]
    [InlineData("<link>https://example.com/?a=1&b=2</link>", "https://example.com/?a=1&b=2")]
    [InlineData("<link>https://example.com/?a=1&copy_x;=2</link>", "https://example.com/?a=1&copy_x;=2")]
    [InlineData("<link>https://example.com/\u0001x</link>", "https://example.com/x")]
    public void Common_defects_of_xml_are_mended_and_reported(string link, string expected)
    {
        Feed feed = Read.Rss(Good + $"<item><title>x</title>{link}</item>" + Good);

        Assert.Equal(3, feed.Items.Count);
        Assert.Equal(expected, feed.Items[1].Url);
        Assert.All(feed.Problems, problem => Assert.StartsWith("malformed XML, mended in ", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Entities_of_html_become_their_characters() => Assert.Equal(
        "A – B & <C>", Read.RssItem("<item><title>A&nbsp;&ndash; B &amp; &lt;C></title><link>https://example.com/</link></item>").Title);

    [Fact]
    public void Cdata_is_not_mended() => Assert.Equal(
        "x & y", Read.Rss("<item><title><![CDATA[x & y]]></title><link>https://example.com/?a&b</link></item>").Items[0].Title);

    [Theory]
    [InlineData("<item><title>half</title>")]
    [InlineData("<item><title>half</title><link>https://example.com/half")]
    [InlineData("<item><title>half</title><link>https://example.com/ha</link><description><![CDATA[text")]
    [InlineData("<item><title>half</title><!-- ")]
    [InlineData("<item")]
    public void A_document_that_ends_within_an_entry_keeps_those_before(string rest)
    {
        Feed feed = Read.Text("<rss version=\"2.0\"><channel>" + Good + rest);

        Assert.Equal("good", Assert.Single(feed.Items).Title);
        Assert.StartsWith("malformed XML: it ends within <", Assert.Single(feed.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<item><title>x</wrong></title><link>https://example.com/x</link></item>")]
    [InlineData("<item><title>x<b></title><link>https://example.com/x</link></item>")]
    [InlineData("<item><title a=b>x</title><link>https://example.com/x</link></item>")]
    [InlineData("<item><foo:bar xmlns:foo=''>1</foo:bar><title>x</title><link>https://example.com/x</link></item>")]
    public void Defects_within_an_entry_do_not_cost_it(string entry)
    {
        Feed feed = Read.Text("<rss version=\"2.0\"><channel>" + Good + entry + Good + "</channel></rss>");

        Assert.Equal(["good", "x", "good"], feed.Items.Select(item => item.Title));
        Assert.Equal("https://example.com/x", feed.Items[1].Url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n")]
    [InlineData("just text")]
    [InlineData("\0\u0001\u0002")]
    [InlineData("<")]
    [InlineData("<!-- only a comment -->")]
    [InlineData("<html><body><p>Not found</body></html>")]
    [InlineData("<opml version=\"2.0\"/>")]
    public void What_is_no_feed_is_reported(string document)
    {
        Feed feed = Read.Text(document);

        Assert.Equal(Feed.NoFormat, feed.Format);
        Assert.Empty(feed.Items);
        Assert.NotEmpty(feed.Problems);
    }

    [Fact]
    public void Entities_of_the_document_are_put_in_and_those_of_other_files_are_not_fetched()
    {
        Feed feed = Read.Text(
            """
            <!DOCTYPE rss [<!ENTITY a "aa>a"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname"> <!ENTITY % d SYSTEM "file:///etc/hostname"> %d; ] >
            <rss version="2.0"><channel><item><title>x &b; y &c; &nbsp;&lt;</title><link>https://example.com/</link></item></channel></rss>
            """);

        Assert.Equal("x aa>aaa>a y &c; <", Assert.Single(feed.Items).Title);
    }

    [Fact]
    public void A_document_type_of_another_file_is_passed_over() => Assert.Equal("t", Assert.Single(Read.Text(
        """
        <?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
        <rss version="0.91"><channel><item><title>t</title></item></channel></rss>
        """).Items).Title);

    [Fact]
    public void Ten_thousand_nested_elements_are_read()
    {
        string deep = string.Concat(Enumerable.Repeat("&lt;div&gt;", 10_000)) + "bottom";

        Assert.NotNull(Read.RssItem($"<item><title>t</title><link>https://example.com/</link><description>{deep}</description></item>").Summary);
    }

    [Fact]
    public void Prefixes_that_are_not_declared_are_known() => Assert.Single(
        Read.Text("<rss><channel><itunes:subtitle>s</itunes:subtitle><item><title>t</title><dc:creator>c</dc:creator></item></channel></rss>").Items, item => item.Author == "c");
}
