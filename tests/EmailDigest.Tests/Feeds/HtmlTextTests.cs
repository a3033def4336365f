using EmailDigest.Feeds;

namespace EmailDigest.Tests.Feeds;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<p>a</p><p>b</p>", "a b")]
    [InlineData("a<br>b", "a b")]
    [InlineData("in<b>side</b>", "inside")]
    [InlineData("<script>alert(1)</script>x<style>p{}</style>", "x")]
    [InlineData("a &amp;&nbsp;&lt;b&gt;", "a & <b>")]
    [InlineData("<img src=x onerror=alert(1)>x", "x")]
    [InlineData("a < b", "a < b")]
    [InlineData(null, "")]
    public void Html_becomes_its_text(string? html, string expected) => Assert.Equal(expected, HtmlText.FromHtml(html));

    [Fact]
    public void Long_text_is_cut_at_a_word() => Assert.Equal("one two…", HtmlText.Clean("one two, three", 12));

    [Fact]
    public void A_character_is_never_cut_in_half()
    {
        for (int length = 4; length < 12; length++)
        {
            string cut = HtmlText.Clean(string.Concat(Enumerable.Repeat("🧭", 20)), length);
            Assert.True(cut.Length <= length);
            Assert.DoesNotContain('\uFFFD', cut.EnumerateRunes().Select(rune => (char)Math.Min(rune.Value, char.MaxValue)));
        }
    }

    [Fact]
    public void Direction_overrides_and_half_characters_are_dropped() => Assert.Equal("abc", HtmlText.Clean("a\u202Eb\uD800c", 10));
}
