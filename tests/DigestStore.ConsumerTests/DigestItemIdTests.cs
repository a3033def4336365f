using DigestStore;

namespace ConsumerTests;

public sealed class DigestItemIdTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void An_id_and_its_text_are_the_same_thing()
    {
        DigestItemId id = DigestItemId.Parse(Hex);

        Assert.Equal(Hex, id.ToString());
        Assert.Equal(id, DigestItemId.Parse(Hex.ToUpperInvariant()));
        Assert.True(DigestItemId.TryParse(id.ToString(), out DigestItemId again));
        Assert.Equal(id, again);
        Assert.Equal(id.GetHashCode(), again.GetHashCode());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData(" 123456789abcdef0123456789abcdef")]
    [InlineData("0x23456789abcdef0123456789abcdef")]
    [InlineData("-123456789abcdef0123456789abcdef")]
    [InlineData("٠123456789abcdef0123456789abcdef")]
    public void Text_that_is_no_id_is_refused(string? text)
    {
        Assert.False(DigestItemId.TryParse(text, out DigestItemId id));
        Assert.Equal(default, id);
        if (text is null)
        {
            Assert.Throws<ArgumentNullException>(() => DigestItemId.Parse(text!));
        }
        else
        {
            FormatException thrown = Assert.Throws<FormatException>(() => DigestItemId.Parse(text));
            Assert.Contains("32 hexadecimal digits", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Ids_are_ordered_like_their_texts()
    {
        DigestItemId[] ids = [.. new[] { "ff", "80", "7f", "01", "00" }.Select(start => DigestItemId.Parse(start + new string('0', 30)))];

        Assert.Equal(ids.Select(id => id.ToString()).Order(StringComparer.Ordinal), ids.Order().Select(id => id.ToString()));
        Assert.True(ids[1] < ids[0] && ids[0] > ids[1] && ids[1] <= ids[0] && ids[0] >= ids[1]);
        DigestItemId same = DigestItemId.Parse(ids[2].ToString());
        Assert.True(ids[2] <= same && ids[2] >= same);
        Assert.False(ids[2] < same || ids[2] > same);
        Assert.Equal(0, ids[2].CompareTo(same));
    }

    [Fact]
    public void The_same_URL_has_the_same_id_and_another_has_another()
    {
        Assert.True(DigestItemId.TryCreate("https://example.org/a", out DigestItemId one));
        Assert.True(DigestItemId.TryCreate("https://example.org/a", out DigestItemId same));
        Assert.True(DigestItemId.TryCreate("https://example.org/b", out DigestItemId other));

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/relative")]
    [InlineData("mailto:a@example.org")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user@example.org/")]
    public void What_is_no_link_has_no_id(string? url)
    {
        Assert.False(DigestItemId.TryCreate(url, out DigestItemId id));
        Assert.Equal(default, id);
    }

    [Fact]
    public void The_rules_decide_about_the_id()
    {
        var keepSlash = new UrlIdentityOptions { DropTrailingSlash = false };
        Assert.True(DigestItemId.TryCreate("https://example.org/a/", out DigestItemId dropped));
        Assert.True(DigestItemId.TryCreate("https://example.org/a", out DigestItemId without));
        Assert.True(DigestItemId.TryCreate("https://example.org/a/", keepSlash, out DigestItemId kept));

        Assert.Equal(without, dropped);
        Assert.NotEqual(dropped, kept);
        Assert.Throws<ArgumentNullException>(() => DigestItemId.TryCreate("https://example.org/a/", null!, out _));
    }
}
