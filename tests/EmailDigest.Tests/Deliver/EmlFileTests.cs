using System.Globalization;
using System.Text.RegularExpressions;
using DigestStore;
using EmailDigest.Deliver;
using EmailDigest.Tests.Support;
using MimeKit;

namespace EmailDigest.Tests.Deliver;

public sealed partial class EmlFileTests
{
    private static readonly DateOnly Day = new(2026, 11, 21);

    [Fact]
    public void The_file_is_an_alternative_of_text_and_html_with_the_headers_of_an_email()
    {
        Eml eml = Write(new DigestItem { Url = "https://example.com/a", Title = "Grüße – 日本語 🧭", Source = "S", Summary = ".\r\nFrom here" });

        Assert.Equal("multipart/alternative", eml.ContentType);
        Assert.Equal(["text/plain", "text/html"], eml.Parts.Select(part => part.ContentType));
        Assert.Equal("1.0", eml.Headers["MIME-Version"]);
        Assert.Equal("from@example.com", eml.Headers["From"]);
        Assert.Equal("one@example.com, two@example.com", eml.Headers["To"]);
        Assert.Equal("Your digest for 21 November 2026: 1 link", eml.Headers["Subject"]);
        Assert.Equal("<daily.2026-11-21.0123456789abcdef@example.com>", eml.Headers["Message-Id"]);
        Assert.True(DateTimeOffset.TryParse(eml.Headers["Date"], CultureInfo.InvariantCulture, out _));
        Assert.DoesNotContain("X-Sender", eml.Headers.Keys);
        Assert.Contains("Grüße – 日本語 🧭", eml.Plain, StringComparison.Ordinal);
        Assert.Contains("https://example.com/a", eml.Plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_addresses_become_encoded_words()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.eml");
        WriteTo(path, [], Address("Jörg Weiß <from@example.com>"), Address("日本 <to@example.com>"));

        Assert.Contains("=?utf-8?", File.ReadAllText(path), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Jörg Weiß <from@example.com>", Eml.Load(path).Headers["From"]);
    }

    [Fact]
    public void Content_is_never_markup()
    {
        const string Attack = "</a><script>alert(1)</script><img src=x onerror='a()'>\"&";
        Eml eml = Write(new DigestItem { Url = "https://example.com/?q=\"><script>&'", Title = Attack, Summary = Attack, Source = Attack, Author = Attack });

        Assert.DoesNotContain("<script", eml.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", eml.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", eml.Html, StringComparison.Ordinal);
        Assert.Equal(["https://example.com/?q=&quot;&gt;&lt;script&gt;&amp;&#39;"], Hrefs(eml.Html));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData(" javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/relative")]
    [InlineData("")]
    public void Only_web_addresses_become_links(string url)
    {
        Eml eml = Write(new DigestItem { Url = url, Title = "t" });

        Assert.Empty(Hrefs(eml.Html));
    }

    [Fact]
    public void Items_are_in_the_order_given_under_their_sources()
    {
        Eml eml = Write(
            new DigestItem { Url = "https://example.com/1", Title = "first", Source = "A" },
            new DigestItem { Url = "https://example.com/2", Title = "second", Source = "B" },
            new DigestItem { Url = "https://example.com/3", Title = "third", Source = "A" });

        Assert.Equal(["https://example.com/1", "https://example.com/3", "https://example.com/2"], Hrefs(eml.Html));
    }

    [Fact]
    public void Lines_of_the_text_are_short_but_links_are_whole()
    {
        string url = "https://example.com/" + new string('x', 1900);
        Eml eml = Write(new DigestItem { Url = url, Title = string.Join(' ', Enumerable.Repeat("word", 50)), Summary = string.Join(' ', Enumerable.Repeat("word", 50)) });
        string[] lines = eml.Plain.Split("\r\n");

        Assert.Contains("  " + url, lines);
        Assert.All(lines.Where(line => !line.Contains(url, StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 78));
    }

    [Fact]
    public void A_day_without_items_still_has_its_email() => Assert.Contains("Nothing new today.", Write().Plain, StringComparison.Ordinal);

    [Fact]
    public void An_email_of_the_same_name_is_replaced_and_nothing_else_is_left()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.eml", "old");
        string size = WriteTo(path, [], Address("a@example.com"), Address("b@example.com"));

        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(path).Length / 1024.0:N1} KB"), size);
        Assert.Equal("multipart/alternative", Eml.Load(path).ContentType);
    }

    [Fact]
    public void Without_the_database_each_page_comes_once_and_the_last_wins()
    {
        // Spellings of one page: the first and the third.
        IReadOnlyList<DigestItem> distinct = DigestEmail.Distinct(
        [
            new DigestItem { Url = "https://example.com/a", Title = "old" },
            new DigestItem { Url = "https://example.com/b", Title = "b" },
            new DigestItem { Url = "http://www.example.com/a/?utm_source=x", Title = "new" },
            new DigestItem { Url = "javascript:x", Title = "bad" },
            new DigestItem { Url = "https://example.com/c", Title = " " },
        ]);

        Assert.Equal(["new", "b"], distinct.Select(item => item.Title));
    }

    private static Eml Write(params IReadOnlyList<DigestItem> items)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.eml");
        WriteTo(path, items, Address("from@example.com"), Address("one@example.com"), Address("two@example.com"));
        return Eml.Load(path);
    }

    private static string WriteTo(string path, IReadOnlyList<DigestItem> items, MailboxAddress from, params MailboxAddress[] to)
    {
        using MimeMessage message = EmailMessage.Of(new DigestEmail { Date = Day, Items = items }, from, to, DateTimeOffset.UtcNow);
        EmailMessage.Identify(message, new DeliveryAttempt { Date = Day, MessageId = "daily.2026-11-21.0123456789abcdef" });

        // It does not wait for anything.
        Assert.Equal($"Written: {path}", new EmlFile(path).SendAsync(message, CancellationToken.None).Result);
        return EmailMessage.SizeOf(message);
    }

    [Fact]
    public void A_domain_outside_of_ascii_is_written_in_ascii_everywhere()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.eml");
        WriteTo(path, [], Address("a@MÜLLER.example"), Address("日本 <b@例え.example>"));

        Eml eml = Eml.Load(path);
        Assert.Equal(("a@xn--mller-kva.example", "日本 <b@xn--r8jz45g.example>"), (eml.Headers["From"], eml.Headers["To"]));
        Assert.EndsWith("@xn--mller-kva.example>", eml.Headers["Message-Id"], StringComparison.Ordinal);
    }

    private static MailboxAddress Address(string text)
    {
        Assert.Null(MailAddress.Parse(text, out MailboxAddress? address));
        return address!;
    }

    private static string[] Hrefs(string html) => [.. Href().Matches(html).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Href();
}
