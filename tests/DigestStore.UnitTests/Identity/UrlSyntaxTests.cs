using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class UrlSyntaxTests
{
    [Theory]
    [InlineData("HTTPS://Example.COM/Path?Q=1#Frag", "https://example.com/Path?Q=1#Frag")]
    [InlineData("https://example.com", "https://example.com/")]
    [InlineData("https://example.com?q", "https://example.com/?q")]
    [InlineData("https://example.com#f", "https://example.com/#f")]
    [InlineData("http://example.com:80/", "http://example.com/")]
    [InlineData("https://example.com:443/", "https://example.com/")]
    [InlineData("https://example.com:/", "https://example.com/")]
    [InlineData("https://example.com:0080/", "https://example.com:80/")]
    [InlineData("http://example.com:443/", "http://example.com:443/")]
    [InlineData("https://example.com/a/b/c/./../../g", "https://example.com/a/g")]
    [InlineData("https://example.com/foo/../../../ton", "https://example.com/ton")]
    [InlineData("https://example.com/..", "https://example.com/")]
    [InlineData("https://example.com/a/..", "https://example.com/")]
    [InlineData("https://example.com/a/.", "https://example.com/a/")]
    [InlineData("https://example.com/a/./", "https://example.com/a/")]
    [InlineData("https://example.com/a//../b", "https://example.com/a/b")]
    [InlineData("https://example.com/%2E%2e/a/%2e/...", "https://example.com/a/...")]
    [InlineData("https://example.com/%41%7e%2D%5f%2a%c3%a9", "https://example.com/A~-_%2A%C3%A9")]
    [InlineData("https://example.com/%2525", "https://example.com/%2525")]
    [InlineData("https://example.com/100%", "https://example.com/100%25")]
    [InlineData("https://example.com/%zz%4%31", "https://example.com/%25zz%2541")]
    [InlineData("https://example.com/%ed%a0%80", "https://example.com/%ED%A0%80")]
    [InlineData("https://example.com/a b\"<>\\^`{|}[]", "https://example.com/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D")]
    [InlineData("https://example.com/a\tb\nc\u007F", "https://example.com/a%09b%0Ac%7F")]
    [InlineData("https://example.com/!$&'()*+,;=:@", "https://example.com/!$&'()*+,;=:@")]
    [InlineData("https://example.com/caf\u00e9?q=\u4f60#\U0001f600", "https://example.com/caf%C3%A9?q=%E4%BD%A0#%F0%9F%98%80")]
    [InlineData("https://example.com/?a/?:@!$'()*+,;[]#b#?", "https://example.com/?a/?:@!$'()*+,;%5B%5D#b%23?")]
    [InlineData("https://example.com/?&&a=&&b&", "https://example.com/?&&a=&&b&")]
    [InlineData("https://example.com/?#", "https://example.com/?#")]
    [InlineData("\u0001 \r\n\thttps://example.com/ \n", "https://example.com/")]
    public void The_syntax_rules_hold_with_every_policy_rule_off(string url, string canonical) =>
        Assert.Equal(canonical, Canonical(url, AllOff));

    [Theory]
    [InlineData("https://example.com/%2Fa", "https://example.com//a")]
    [InlineData("https://example.com/a%3Fb", "https://example.com/a?b")]
    [InlineData("https://example.com/a%21", "https://example.com/a!")]
    [InlineData("https://example.com/%2525", "https://example.com/%25")]
    [InlineData("https://example.com/?a=b%26c", "https://example.com/?a=b&c")]
    [InlineData("https://example.com/?a=b%3Dc", "https://example.com/?a=b=c")]
    [InlineData("https://example.com/?q=a+b", "https://example.com/?q=a%20b")]
    [InlineData("https://example.com/?q=a+b", "https://example.com/?q=a%2Bb")]
    [InlineData("https://example.com/?a", "https://example.com/?a=")]
    [InlineData("https://example.com/?a=1&amp;b=2", "https://example.com/?a=1&b=2")]
    [InlineData("https://example.com/a\\b", "https://example.com/a/b")]
    [InlineData("https://example.com/A", "https://example.com/a")]
    [InlineData("https://example.com/index.html", "https://example.com/")]
    [InlineData("https://example.com/a;v=1", "https://example.com/a;v=2")]
    [InlineData("https://example.com/e\u0301", "https://example.com/\u00e9")]
    [InlineData("https://example.com./", "https://example.com/")]
    [InlineData("https://m.example.com/", "https://example.com/")]
    [InlineData("https://example.com:80/", "https://example.com/")]
    [InlineData("http://example.com:443/", "https://example.com/")]
    [InlineData("http://example.com:8080/", "https://example.com:8080/")]
    public void Different_data_stay_different_with_every_policy_rule_on(string one, string other) =>
        Assert.NotEqual(Canonical(one), Canonical(other));

    [Theory]
    [InlineData("https://example.com/")]
    [InlineData("https://example.com/a/b?c=1&d=2")]
    public void A_canonical_url_is_returned_without_a_copy(string url) =>
        Assert.Same(url, Canonical(url));
}
