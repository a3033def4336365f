using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class UrlRefusalTests
{
    [Theory]
    [InlineData(null, StoreProblemReason.UrlMissing)]
    [InlineData("", StoreProblemReason.UrlMissing)]
    [InlineData(" \r\n\t", StoreProblemReason.UrlMissing)]
    [InlineData("\u00a0\u2003", StoreProblemReason.UrlMissing)]
    [InlineData("/etc/passwd", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("//example.com/", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("example.com", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("example.com/a:b", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("?a=http://b/", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("\\\\server\\share", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("1http://example.com/", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("sch\u00e9me://example.com", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("\ufeffhttps://example.com/", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("://example.com", StoreProblemReason.UrlNotAbsolute)]
    [InlineData("javascript:alert(1)", StoreProblemReason.UrlSchemeNotAllowed)]
    [InlineData("\u0001javascript:alert(1)", StoreProblemReason.UrlSchemeNotAllowed)]
    [InlineData("file:///etc/passwd", StoreProblemReason.UrlSchemeNotAllowed)]
    [InlineData("mailto:a@example.com", StoreProblemReason.UrlSchemeNotAllowed)]
    [InlineData("data:text/html,x", StoreProblemReason.UrlSchemeNotAllowed)]
    [InlineData("hhttps://example.com/", StoreProblemReason.UrlSchemeNotAllowed)]
    [InlineData("https://user:password@example.com/", StoreProblemReason.UrlHasUserInfo)]
    [InlineData("https://@example.com/", StoreProblemReason.UrlHasUserInfo)]
    [InlineData("https://a@b@example.com/", StoreProblemReason.UrlHasUserInfo)]
    [InlineData("https:example.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https:/example.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https:\\\\example.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://", StoreProblemReason.UrlMalformed)]
    [InlineData("https:///path", StoreProblemReason.UrlMalformed)]
    [InlineData("https://?q", StoreProblemReason.UrlMalformed)]
    [InlineData("https://:80/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://./", StoreProblemReason.UrlMalformed)]
    [InlineData("https://example.com\\a", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa mple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa\tmple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa<mple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa%20mple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa%2Fmple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa%mple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa%C3mple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa%ED%A0%80mple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa\u00a0mple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa\u202emple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://\u00ad/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://exa\uff0fmple.com/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://xn--\u00e9/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://example.com:-1/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://example.com:65536/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://example.com:99999999999999999999/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://example.com:8o/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://example.com:80:80/", StoreProblemReason.UrlMalformed)]
    [InlineData("https://example.com:\u0668\u0660/", StoreProblemReason.UrlMalformed)]
    public void An_unusable_url_is_refused_for_its_reason(string? url, StoreProblemReason reason) =>
        Assert.Equal(reason, Defect(url));

    // Not a theory: an attribute would store the halves as U+FFFD.
    [Fact]
    public void Half_a_surrogate_pair_anywhere_is_invalid_unicode() => Assert.All(
        [
            "https://example.com/\ud83d",
            "https://example.com/\ude00a",
            "https://example.com/\ude00\ud83d",
            "https://example.com/\ud83d\ude00\ud83d",
            "https://example.com/#\ud83d",
            "https://exa\ud83dmple.com/",
            "java\ud83dscript:",
        ],
        static url => Assert.Equal(StoreProblemReason.InvalidUnicode, Defect(url)));

    [Theory]
    [InlineData('a', 2_048, null)]
    [InlineData('a', 2_049, StoreProblemReason.UrlTooLong)]
    [InlineData('\u4f60', 300, StoreProblemReason.UrlTooLong)]
    [InlineData('\u4f60', 200, null)]
    public void The_limit_counts_the_url_as_given_and_as_a_uri(char letter, int length, StoreProblemReason? reason) =>
        Assert.Equal(reason, Defect("https://example.com/".PadRight(length, letter)));

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("http://example.com?")]
    public void A_url_at_the_limit_is_not_refused_for_what_the_rules_add(string start) =>
        Assert.Null(Defect(start.PadRight(2_048, 'a')));

    [Fact]
    public void Dropped_parts_do_not_count_as_a_uri()
    {
        string url = "https://example.com/?utm_source=" + new string('\u4f60', 900) + "#" + new string('\u4f60', 900);

        Assert.Equal("https://example.com/", Canonical(url));
    }

    [Fact]
    public void An_international_label_longer_than_any_a_label_is_malformed()
    {
        Assert.Equal(StoreProblemReason.UrlMalformed, Defect($"https://{new string('\u4f60', 64)}.example/"));
        Assert.Null(Defect($"https://{new string('\u4f60', 30)}.{new string('\u4f60', 30)}.example/"));
    }

    [Fact]
    public void A_blank_is_missing_however_long() =>
        Assert.Equal(StoreProblemReason.UrlMissing, Defect(new string(' ', 1_000_000)));
}
