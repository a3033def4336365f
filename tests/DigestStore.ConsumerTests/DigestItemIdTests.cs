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

    [Fact]
    public void An_id_can_be_made_without_a_test_for_success()
    {
        var keepSlash = new UrlIdentityOptions { DropTrailingSlash = false };
        Assert.True(DigestItemId.TryCreate("https://example.org/a/", keepSlash, out DigestItemId kept));

        Assert.Equal(DigestItemId.Create("https://example.org/a"), DigestItemId.Create("https://example.org/a/"));
        Assert.Equal(kept, DigestItemId.Create("https://example.org/a/", keepSlash));
    }

    [Theory]
    [InlineData("/secret", "UrlNotAbsolute. The URL is relative. Resolve it against the page or feed it was found in.")]
    [InlineData("ftp://example.org/secret", "UrlSchemeNotAllowed. Only http and https URLs can be stored. Leave the item out, or link to a web page.")]
    [InlineData("https://user:secret@example.org/", "UrlHasUserInfo. The URL carries a user name or password. Remove it: a digest is read by others.")]
    public void A_URL_without_an_id_is_refused_with_the_rule_and_the_remedy_and_is_not_repeated(string url, string why)
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(nameof(url), () => DigestItemId.Create(url));

        Assert.StartsWith("No item can have this URL: " + why, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => DigestItemId.Create(null!));
        Assert.Throws<ArgumentNullException>(() => DigestItemId.Create("https://example.org/", null!));
    }

    [Fact]
    public void An_id_is_parsed_and_formatted_like_other_values()
    {
        DigestItemId id = Parsed<DigestItemId>(Hex);
        Span<char> digits = stackalloc char[33];

        Assert.Equal(DigestItemId.Parse(Hex), id);
        Assert.Equal($"<{Hex}>", $"<{id}>");
        Assert.True(id.TryFormat(digits, out int written));
        Assert.Equal(Hex, digits[..written]);
        Assert.False(id.TryFormat(digits[..31], out written));
        Assert.Equal(0, written);
        Assert.Contains("the format 'N'", Assert.Throws<FormatException>(() => $"{id:N}").Message, StringComparison.Ordinal);
        Assert.Contains("the format 'X'", Assert.Throws<FormatException>(() => ((IFormattable)id).ToString("X", null)).Message, StringComparison.Ordinal);
        Assert.Equal(Hex, ((IFormattable)id).ToString(null, null));
        Assert.Contains("32 hexadecimal digits", Assert.Throws<FormatException>(static () => Parsed<DigestItemId>("abc")).Message, StringComparison.Ordinal);

        static T Parsed<T>(string text)
            where T : ISpanParsable<T>
        {
            T value = T.Parse(text, provider: null);
            Assert.True(T.TryParse(text.AsSpan(), null, out T? spanned));
            Assert.True(T.TryParse(text, null, out T? again));
            Assert.Equal((value, value), (spanned, again));
            return T.Parse(text.AsSpan(), null);
        }
    }
}
