using System.Diagnostics;
using DigestStore.Quality;

namespace DigestStore.UnitTests.Quality;

public sealed class TitleMarkupTests
{
    [Theory]
    [InlineData("A <b>bold</b> move")]
    [InlineData("The end</p>")]
    [InlineData("Two<br>lines")]
    [InlineData("Two<br/>lines")]
    [InlineData("Two<br />lines")]
    [InlineData("Two<BR>lines")]
    [InlineData("</B >")]
    [InlineData("<a href=\"https://example.com/\">here</a>")]
    [InlineData("<A HREF='x'>")]
    [InlineData("750ft<sup>2</sup>")]
    [InlineData("<img\nsrc=x>")]
    [InlineData("a < b and <i>c</i>")]
    [InlineData("<blockquote>the longest name</blockquote>")]
    [InlineData("<!-- a comment -->")]
    [InlineData("<![CDATA[text]]>")]
    [InlineData("Q&amp;A")]
    [InlineData("&Auml;rger")]
    [InlineData("&thetasym;")]
    [InlineData("It&#39;s")]
    [InlineData("It&#x0027;s")]
    [InlineData("It&#X27;s")]
    [InlineData("&#x0010FFFF;")]
    [InlineData("&&&nbsp;")]
    public void Markup_is_found(string title) => Assert.True(TitleMarkup.IsIn(title));

    [Theory]
    [InlineData("")]
    [InlineData("a < b")]
    [InlineData("a <b")]
    [InlineData("a<b && c>d")]
    [InlineData("<")]
    [InlineData("</")]
    [InlineData("<b")]
    [InlineData("<b <")]
    [InlineData("if x <b and y> z")]
    [InlineData("I <3 you")]
    [InlineData("place <- expr")]
    [InlineData("tuple<->array")]
    [InlineData("<>")]
    [InlineData("Vec<T>")]
    [InlineData("Vec<A>, Map<B, S>")]
    [InlineData("Vec<Span>")]
    [InlineData("Using <Code /> in React")]
    [InlineData("Box<dyn Fn(&str) -> T>")]
    [InlineData("Iterator<Item = String>")]
    [InlineData("impl<S where S: Sized>")]
    [InlineData("cargo help <TAB>")]
    [InlineData("The <dialog> element")]
    [InlineData("<blockquotes>")]
    [InlineData("AT&T; and others")]
    [InlineData("R&D;")]
    [InlineData("Johnson &Johnson;")]
    [InlineData("Tom & Jerry; the film")]
    [InlineData("&;")]
    [InlineData("&#;")]
    [InlineData("&#x;")]
    [InlineData("&#1F;")]
    [InlineData("&#xG;")]
    [InlineData("&#000000000039;")]
    [InlineData("https://example.com/?a=1&copy=2")]
    [InlineData("&AMp;")]
    public void Text_is_left_alone(string title) => Assert.False(TitleMarkup.IsIn(title));

    [Theory]
    [InlineData("<b ")]
    [InlineData("<")]
    [InlineData("&")]
    [InlineData("&#1")]
    [InlineData("<b &amp")]
    [InlineData("</a/")]
    public void A_hostile_title_takes_time_in_proportion_to_its_length(string part)
    {
        // Quadratic work on 4 MB would take hours, linear work milliseconds.
        string title = string.Concat(Enumerable.Repeat(part, 4_000_000 / part.Length));
        var watch = Stopwatch.StartNew();

        Assert.False(TitleMarkup.IsIn(title));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }
}
