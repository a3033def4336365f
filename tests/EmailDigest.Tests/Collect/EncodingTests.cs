using System.Text;
using EmailDigest.Collect;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Collect;

public sealed class EncodingTests
{
    [Theory]
    [InlineData("iso-8859-1", "Grüße")]
    [InlineData("windows-1251", "Привет")]
    [InlineData("shift_jis", "日本語")]
    [InlineData("gb2312", "中文")]
    [InlineData("utf-8", "日本語 🧭")]
    [InlineData("utf-16", "日本語 🧭")]
    [InlineData("utf-16BE", "日本語 🧭")]
    public void The_declared_encoding_is_used(string name, string title) =>
        Assert.Equal(title, Title(Encoding.GetEncoding(name).GetBytes(Document(title, name))));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void A_byte_order_mark_comes_before_the_declaration(string name)
    {
        var encoding = Encoding.GetEncoding(name);

        Assert.Equal("日本語", Title([.. encoding.GetPreamble(), .. encoding.GetBytes(Document("日本語", "iso-8859-1"))]));
    }

    [Fact]
    public void The_servers_word_counts_where_the_document_has_none() => Assert.Equal(
        "Grüße",
        Assert.Single(Read.Bytes(Encoding.Latin1.GetBytes("<rss><channel><item><title>Grüße</title></item></channel></rss>"), charset: "\"ISO-8859-1\"").Items).Title);

    [Theory]
    [InlineData("x-klingon", "unknown encoding 'x-klingon'; read as UTF-8")]
    public void An_unknown_encoding_is_read_as_utf_8_and_reported(string name, string problem)
    {
        Feed feed = Read.Bytes(Encoding.UTF8.GetBytes(Document("日本語", name)));

        Assert.Equal("日本語", Assert.Single(feed.Items).Title);
        Assert.Contains(problem, feed.Problems);
    }

    [Fact]
    public void A_declaration_of_utf_16_that_is_not_in_utf_16_is_not_believed() =>
        Assert.Equal("日本語", Title(Encoding.UTF8.GetBytes(Document("日本語", "utf-16"))));

    [Fact]
    public void What_is_not_valid_utf_8_is_read_as_windows_1252_and_reported()
    {
        Feed feed = Read.Bytes(Encoding.GetEncoding(1252).GetBytes(Document("“Grüße”", "utf-8")));

        Assert.Equal("“Grüße”", Assert.Single(feed.Items).Title);
        Assert.Contains("not valid UTF-8; read as windows-1252 where it is not", feed.Problems);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3 }, "Café ")]
    [InlineData(new byte[] { 0xE2, 0x80 }, "Café ")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0xA7 }, "Café ")]
    [InlineData(new byte[] { 0x92 }, "Café ’")]
    public void A_cut_sequence_costs_its_own_character_only(byte[] cut, string expected)
    {
        byte[] whole = Encoding.UTF8.GetBytes(Document("Café | and 日本語", "utf-8"));
        int at = whole.AsSpan().IndexOf((byte)'|');

        Assert.Equal(expected.Trim() + " and 日本語", Title([.. whole[..at], .. cut, .. whole[(at + 1)..]]).Replace("  ", " ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("us-ascii")]
    [InlineData("iso-8859-1")]
    [InlineData("latin1")]
    [InlineData("windows-1252")]
    [InlineData("ANSI_X3.4-1968")]
    public void A_label_of_windows_1252_means_that_or_utf_8(string label)
    {
        Assert.Equal("Don’t – € 5", Title(Encoding.GetEncoding(1252).GetBytes(Document("Don’t – € 5", label))));
        Assert.Equal("Café in Zürich 日本語", Title(Encoding.UTF8.GetBytes(Document("Café in Zürich 日本語", label))));
    }

    [Fact]
    public void Only_a_cut_sequence_is_no_reason_for_windows_1252() => Assert.Equal(
        "Emoji", Title([.. Encoding.ASCII.GetBytes("<rss><channel><item><title>Emoji "), 0xF0, 0x9F, 0xA7, .. Encoding.ASCII.GetBytes("</title></item></channel></rss>")]));

    [Fact]
    public void White_space_before_the_declaration_is_tolerated() => Assert.Equal("x", Title(Encoding.UTF8.GetBytes("\r\n  " + Document("x", "utf-8"))));

    private static string Document(string title, string encoding) =>
        $"<?xml version=\"1.0\" encoding=\"{encoding}\"?><rss version=\"2.0\"><channel><item><title>{title}</title><link>https://example.com/</link></item></channel></rss>";

    private static string Title(byte[] document) => Assert.Single(Read.Bytes(document).Items).Title;
}
