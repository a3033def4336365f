using EmailDigest.Collect;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Collect;

public sealed class JsonFeedTests
{
    [Fact]
    public void An_item_has_all_that_the_feed_says()
    {
        Feed feed = Read.Text(
            """
            {"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/a","title":"t","content_html":"<p>x &amp; y</p>",
            "date_published":"2026-11-20T08:00:00+01:00","authors":[{"name":"A"},{"name":"B"}],"tags":["q"]}],"title":"T","home_page_url":"https://example.com/"}
            """);

        Assert.Equal("JSON Feed 1.1", feed.Format);
        var item = Assert.Single(feed.Items);
        Assert.Equal(("https://example.com/a", "t", "x & y", "T", "A, B"), (item.Url, item.Title, item.Summary, item.Source, item.Author));
        Assert.Equal(["q"], item.Tags);
        Assert.Equal(7, item.PublishedAt!.Value.UtcDateTime.Hour);
    }

    [Theory]
    [InlineData("""{"external_url":"https://example.com/e"}""", "https://example.com/e")]
    [InlineData("""{"id":"https://example.com/i"}""", "https://example.com/i")]
    [InlineData("""{"id":5}""", "")]
    [InlineData("""{"url":null}""", "")]
    [InlineData("""{"url":"\ud800"}""", "")]
    [InlineData("""["no object"]""", "")]
    public void A_link_is_the_address_or_nothing(string item, string expected) =>
        Assert.Equal(expected, Assert.Single(Read.Text("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[" + item + "]}").Items).Url);

    [Theory]
    [InlineData("""{"version":"https://jsonfeed.org/version/1","items":[{"url":"https://example.com/1","title":"t"},{"url":""", 1)]
    [InlineData("""{"version":"https://jsonfeed.org/version/1","items":[{"url":"https://example.com/1"},{"url":"https://example.com/2"}]} trailing""", 2)]
    [InlineData("""{"items":[{"url":"https://example.com/1"} {"url":"https://example.com/2"}]}""", 1)]
    public void What_comes_before_an_error_is_kept(string json, int entries)
    {
        Feed feed = Read.Text(json);

        Assert.Equal(entries, feed.Items.Count);
        Assert.Contains(feed.Problems, problem => problem.StartsWith($"malformed JSON, kept the {entries} entries before the error: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_feed_beyond_a_limit_is_not_called_malformed()
    {
        Feed feed = Read.Text($"{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{string.Join(',', Enumerable.Repeat("{}", FeedLimits.Entries + 1))}]}}");

        Assert.Equal(FeedLimits.Entries, feed.Items.Count);
        Assert.Contains("beyond a limit, kept the 10000 entries before the error: more than 10,000 entries", feed.Problems);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1,2]")]
    [InlineData("""{"items":7}""")]
    [InlineData("{\"a\"")]
    public void Json_that_is_no_feed_is_reported(string json)
    {
        Feed feed = Read.Text(json);

        Assert.Equal(Feed.NoFormat, feed.Format);
        Assert.NotEmpty(feed.Problems);
    }

    [Fact]
    public void Control_characters_do_not_reach_the_terminal() => Assert.Equal(
        "red [31malert", Assert.Single(Read.Text("{\"items\":[{\"url\":\"https://example.com/\",\"title\":\"red\\u001b[31malert\"}]}").Items).Title);
}
