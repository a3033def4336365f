using DigestStore.Quality;

namespace DigestStore.UnitTests.Quality;

public sealed class TitleTextTests
{
    [Theory]
    [InlineData("https://example.com/a", "https://example.com/a")]
    [InlineData(" https://example.com/a\n", "https://example.com/a ")]
    [InlineData("https://example.com/other", "https://example.com/a")]
    [InlineData("HTTP://EXAMPLE.COM", "https://example.com/a")]
    [InlineData("example.com/a", "example.com/a")]
    public void A_title_that_is_a_url_is_found(string title, string url) => Assert.True(TitleText.IsUrl(title, url));

    [Theory]
    [InlineData("crates.io", "https://crates.io/")]
    [InlineData("https://example.com/a is down", "https://example.com/a")]
    [InlineData("See https://example.com/a", "https://example.com/a")]
    [InlineData("https://", "https://example.com/a")]
    [InlineData("http:", "https://example.com/a")]
    [InlineData("HTTPS everywhere", "https://example.com/a")]
    [InlineData("", "")]
    [InlineData(" ", " ")]
    [InlineData(null, null)]
    public void A_title_with_words_of_its_own_is_not(string? title, string? url) => Assert.False(TitleText.IsUrl(title, url));

    [Theory]
    [InlineData("ABCDEFGHIJ")]
    [InlineData("BREAKING: 10 NEW THINGS!")]
    [InlineData("ÄRGER ÜBER ÖLPREIS")]
    [InlineData("СРОЧНЫЕ НОВОСТИ")]
    [InlineData("ΕΚΤΑΚΤΗ ΕΙΔΗΣΗ")]
    [InlineData("日本 NEWS FROM TOKYO")]
    [InlineData("\U0001D401\U0001D411\U0001D404\U0001D400\U0001D40A\U0001D408\U0001D40D\U0001D406 \U0001D40D\U0001D404\U0001D416\U0001D412")]
    public void Ten_capitals_and_nothing_small_are_shouted(string title) => Assert.True(TitleText.IsShouted(title));

    [Theory]
    [InlineData("ABCDEFGHI")]
    [InlineData("NASA, ESA, X")]
    [InlineData("BREAKING: 10 NEW THINGs")]
    [InlineData("ÄRGER ÜBER ÖLPREISß")]
    [InlineData("ABCDEFGHIJ\u01C5")]
    [InlineData("日本語のとても長い見出しです AI")]
    [InlineData("1234567890!!!")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_titles_are_not(string? title) => Assert.False(TitleText.IsShouted(title));

    [Fact]
    public void Half_a_surrogate_pair_is_no_letter() => Assert.False(TitleText.IsShouted(new string('\uD83D', 20)));
}
