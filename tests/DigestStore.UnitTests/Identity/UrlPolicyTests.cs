using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class UrlPolicyTests
{
    [Theory]
    [InlineData(nameof(UrlIdentityOptions.TreatHttpAsHttps), "http://example.com/", "https://example.com/")]
    [InlineData(nameof(UrlIdentityOptions.TreatHttpAsHttps), "http://example.com:80/", "https://example.com/")]
    [InlineData(nameof(UrlIdentityOptions.DropWww), "https://www.example.com/", "https://example.com/")]
    [InlineData(nameof(UrlIdentityOptions.DropWww), "https://WWW.example.com:8443/", "https://example.com:8443/")]
    [InlineData(nameof(UrlIdentityOptions.DropWww), "https://www.b\u00fccher.example/", "https://xn--bcher-kva.example/")]
    [InlineData(nameof(UrlIdentityOptions.DropTrailingSlash), "https://example.com/a/", "https://example.com/a")]
    [InlineData(nameof(UrlIdentityOptions.DropTrailingSlash), "https://example.com/a//?q", "https://example.com/a?q")]
    [InlineData(nameof(UrlIdentityOptions.DropTrailingSlash), "https://example.com//", "https://example.com/")]
    [InlineData(nameof(UrlIdentityOptions.CollapseSlashes), "https://example.com//a///b//", "https://example.com/a/b/")]
    [InlineData(nameof(UrlIdentityOptions.CollapseSlashes), "https://example.com/a//../b//c", "https://example.com/a/b/c")]
    [InlineData(nameof(UrlIdentityOptions.DropFragment), "https://example.com/a#top", "https://example.com/a")]
    [InlineData(nameof(UrlIdentityOptions.DropFragment), "https://example.com/a#", "https://example.com/a")]
    [InlineData(nameof(UrlIdentityOptions.DropFragment), "https://example.com/a#x:~:text=y", "https://example.com/a")]
    [InlineData(nameof(UrlIdentityOptions.DropTrackingParameters), "https://example.com/?b=1&utm_source=x&a=2", "https://example.com/?b=1&a=2")]
    [InlineData(nameof(UrlIdentityOptions.DropTrackingParameters), "https://example.com/?fbclid=1&utm_x", "https://example.com/")]
    [InlineData(nameof(UrlIdentityOptions.DropTrackingParameters), "https://example.com/?&b&&a&", "https://example.com/?b&a")]
    [InlineData(nameof(UrlIdentityOptions.SortQuery), "https://example.com/?b=1&a=2&b=0&a", "https://example.com/?a=2&a&b=1&b=0")]
    [InlineData(nameof(UrlIdentityOptions.SortQuery), "https://example.com/?aa=1&a=2", "https://example.com/?a=2&aa=1")]
    [InlineData(nameof(UrlIdentityOptions.SortQuery), "https://example.com/?", "https://example.com/")]
    [InlineData(nameof(UrlIdentityOptions.SortQuery), "https://example.com/?&b&&a&", "https://example.com/?a&b")]
    public void A_rule_alone_does_its_work_and_only_while_it_is_on(string rule, string url, string canonical)
    {
        var property = typeof(UrlIdentityOptions).GetProperty(rule)!;

        Assert.Equal(canonical, Canonical(url, AllOffBut(options => property.SetValue(options, true))));
        Assert.NotEqual(canonical, Canonical(url, AllOff));
    }

    [Theory]
    [InlineData("https://example.com/#!/a")]
    [InlineData("https://example.com/#!a")]
    [InlineData("https://example.com/#/a")]
    [InlineData("https://example.com/#/a?b#c")]
    public void A_route_in_the_fragment_is_a_page_of_its_own(string url)
    {
        Assert.NotEqual(Canonical("https://example.com/"), Canonical(url));
        Assert.NotEqual(Canonical("https://example.com/#/z"), Canonical(url));
    }

    [Theory]
    [InlineData("https://www.com/")]
    [InlineData("https://www/")]
    [InlineData("https://www.com./")]
    [InlineData("https://www.localhost:8443/")]
    [InlineData("https://www.www.example.com/")]
    [InlineData("https://www..example.com/")]
    [InlineData("https://www.10.0.0.1/")]
    [InlineData("https://www2.example.com/")]
    public void The_prefix_www_stays_where_dropping_it_would_name_another_host(string url) =>
        Assert.Equal(url, Canonical(url));

    [Fact]
    public void All_rules_together_make_one_page_of_its_usual_spellings() => Assert.Single(
        new[]
        {
            "https://example.com/news/item?a=1&b=2",
            "http://www.example.com/news/item/?b=2&a=1",
            "HTTPS://WWW.EXAMPLE.COM:443//news/./item?utm_source=mail&a=1&b=2#comments",
            " http://example.com:80/news/x/../%69tem?a=1&fbclid=X&b=2&\n",
        }.Select(static url => Canonical(url)).Distinct());
}
