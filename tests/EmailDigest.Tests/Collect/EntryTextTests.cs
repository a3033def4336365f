using EmailDigest.Collect;

namespace EmailDigest.Tests.Collect;

public sealed class EntryTextTests
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
    public void Html_becomes_its_text(string? html, string expected) => Assert.Equal(expected, EntryText.FromHtml(html));

    [Theory]
    [InlineData("if a<b and c>d then", "if a<b and c>d then")]
    [InlineData("Intent to unship: <a> as <area> in maps", "Intent to unship: <a> as <area> in maps")]
    [InlineData("Use <b> for bold, <i> for italics", "Use <b> for bold, <i> for italics")]
    [InlineData("The <p> element", "The <p> element")]
    [InlineData("What <br> does", "What <br> does")]
    [InlineData("The <img> element", "The <img> element")]
    [InlineData("Vec<i> and HashMap<s, u>", "Vec<i> and HashMap<s, u>")]
    [InlineData("</p> alone", "</p> alone")]
    [InlineData("1930ft<sup>2</sup>", "1930ft2")]
    [InlineData("<p>One</p><p>two</p>", "One two")]
    [InlineData("one<br/>two", "one two")]
    [InlineData("<a href=\"x\">link</a> and <b>bold</b>", "link and bold")]
    [InlineData("<a href=\"x\">link</a> and <b>bold", "<a href=\"x\">link</a> and <b>bold")]
    [InlineData("<a href=\"x\"><img src=\"y\"></a>Title<span class=\"z\"></span>", "Title")]
    [InlineData("<p>The <b>best <i>of</i></b> it</p>", "The best of it")]
    [InlineData("<b>a < b</b> & c", "a < b & c")]
    [InlineData("<B>Loud</b >er", "Louder")]
    [InlineData("Why <b>…</b> is not <strong>", "Why <b>…</b> is not <strong>")]
    [InlineData("Why <b>…</b> is no more", "Why <b>…</b> is no more")]
    [InlineData("What <b></b> does", "What <b></b> does")]
    [InlineData("<em>Bold</em> is <b>", "<em>Bold</em> is <b>")]
    [InlineData("1930ft<sup>2</sup> &lt;b&gt;", "1930ft2 <b>")]
    [InlineData("Use <b>x</b> for bold", "Use x for bold")]
    [InlineData("x <img src=y onerror=z> w", "x w")]
    public void A_title_may_talk_about_tags(string title, string expected) => Assert.Equal(expected, EntryText.FromTitle(title));

    [Fact]
    public void Long_text_is_cut_at_a_word() => Assert.Equal("one two…", EntryText.Clean("one two, three", 12));

    [Fact]
    public void A_character_is_never_cut_in_half()
    {
        for (int length = 4; length < 12; length++)
        {
            string cut = EntryText.Clean(string.Concat(Enumerable.Repeat("🧭", 20)), length);
            Assert.True(cut.Length <= length);
            Assert.DoesNotContain('\uFFFD', cut.EnumerateRunes().Select(rune => (char)Math.Min(rune.Value, char.MaxValue)));
        }
    }

    [Fact]
    public void Direction_overrides_and_half_characters_are_dropped() => Assert.Equal("abc", EntryText.Clean("a\u202Eb\uD800c", 10));
}
