using System.Globalization;
using System.Net;
using System.Text;
using EmailDigest.Collect;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Collect;

/// <summary>Inputs made to cost much. What they allocate grows with their length only; each is bounded in time by the guard, and the tests by theirs.</summary>
public sealed class LargeInputTests
{
    private const int Timeout = 120_000;
    private const int MaxBytesForEach = 250;
    private const int MaxBytesInAny = 64 * 1024 * 1024;
    private const string Good = "<item><title>good</title><link>https://example.com/good</link></item>";

    public static TheoryData<string> Names => [.. Inputs.Keys];

    private static Dictionary<string, Func<string>> Inputs { get; } = new(StringComparer.Ordinal)
    {
        ["unclosed CDATA"] = () => Rss(Good + Repeat("<![CDATA[", 400_000)),
        ["unclosed comments"] = () => Rss(Good + Repeat("<!--", 400_000)),
        ["unclosed instructions"] = () => Rss(Good + Repeat("<?", 400_000)),
        ["unclosed document types"] = () => Rss(Good) + Repeat("<!DOCTYPE [", 400_000),
        ["document types"] = () => Rss(Good) + Repeat("<!DOCTYPE a>", 400_000),
        ["unclosed entities"] = () => "<!DOCTYPE a [" + Repeat("<!ENTITY a \"", 300_000) + "]>" + Rss(Good),
        ["ends of document types"] = () => "<!DOCTYPE a [" + Repeat("]   ", 900_000) + "]>" + Rss(Good),
        ["open tags"] = () => Rss(Good + Repeat("<", 2_000_000)),
        ["half tags"] = () => Rss(Good + Repeat("<a ", 1_000_000)),
        ["quotes that do not end"] = () => Rss(Good + Repeat("<a href=\"", 400_000)),
        ["elements nested 50,000 deep"] = () => Rss(Good + Repeat("<a>", 50_000) + Repeat("</a>", 50_000)),
        ["entries nested 50,000 deep"] = () => Rss(Good + Repeat("<item>", 50_000)),
        ["ends without a start"] = () => Rss(Good + Repeat("<a>", 90) + Repeat("</b>", 300_000)),
        ["signs"] = () => Rss(Good + "<item><title>" + Repeat("&", 4_000_000) + "</title></item>"),
        ["attributes"] = () => Rss(Good + "<item " + Numbered("a{0}=\"\" ", 300_000) + "/>"),
        ["namespaces"] = () => Rss(Good + "<item " + Numbered("xmlns:a{0}=\"x\" ", 200_000) + "/>"),
        ["one attribute often"] = () => Rss(Good + "<link " + Repeat("href='' ", 500_000) + "/>"),
        ["pieces of text"] = () => Rss(Good + "<item><title>" + Repeat("a<![CDATA[b]]>", 400_000) + "</title></item>"),
        ["categories"] = () => Rss(Good + "<item>" + Repeat("<category>x</category>", 60_000) + "</item>"),
        ["links"] = () => Rss(Good + "<item>" + Repeat("<link/>", 90_000) + Repeat("<guid/>", 90_000) + "</item>"),
        ["entries"] = () => Rss(Good + Repeat("<item><title>t</title><link>https://example.com/</link></item>", 70_000)),
        ["a large text deep within"] = () => Rss(Good + Repeat("<item>", 90) + "<title>" + new string('x', 7_000_000) + "</title>" + Repeat("</item>", 90)),
        ["entities within entities"] = () => $"<!DOCTYPE a [<!ENTITY a \"{Repeat("x", 1000)}\">{string.Concat("bcdefgh".Select(name => $"<!ENTITY {name} \"{Repeat($"&{(char)(name - 1)};", 10)}\">"))}]>" + Rss(Good + "<item><title>&h;</title></item>"),
        ["entities that are empty"] = () => $"<!DOCTYPE a [<!ENTITY a \"\">{string.Concat("bcdefg".Select(name => $"<!ENTITY {name} \"{Repeat($"&{(char)(name - 1)};", 1000)}\">"))}]>" + Rss(Good + "<item><title>&g;</title></item>"),
        ["an entity of itself"] = () => "<!DOCTYPE a [<!ENTITY a \"&a;\">]>" + Rss(Good + "<item><title>&a;</title></item>"),
        ["an entity often"] = () => $"<!DOCTYPE a [<!ENTITY a \"{Repeat("x", 5000)}\">]>" + Rss(Good + "<item><title>" + Repeat("&a;", 1_000_000) + "</title></item>"),
        ["tags in titles"] = () => Rss(Good + Repeat($"<item><title>{WebUtility.HtmlEncode(Repeat("<b>", 300) + Repeat("</i>", 200))}</title></item>", 900)),
        ["one long title"] = () => Rss(Good + $"<item><title>{WebUtility.HtmlEncode(Repeat("<b ", 500_000))}</title></item>"),
        ["white space"] = () => Rss(Good + "<item><title>" + Repeat(" \n", 3_000_000)),
        ["brackets in dates"] = () => Rss(Good + Repeat($"<item><pubDate>{Repeat("(", 500)}</pubDate></item>", 9_000)),
        ["HTML that opens elements again and again"] = () => Json(Numbered("<p><b a{0}>", 2_300) + "x"),
        ["HTML of many entries"] = () => Json([.. Enumerable.Repeat(Numbered("<b a{0}>", 4_000), 200)]),
        ["attributes in HTML"] = () => Json([.. Enumerable.Repeat("<b " + Numbered("a{0} ", 5_000) + ">", 200)]),
        ["references in HTML"] = () => Json([.. Enumerable.Repeat(Repeat("&notit", 5_000), 200)]),
        ["scripts in HTML"] = () => Json([.. Enumerable.Repeat(Repeat("<script><!--</scrip", 1_700), 200)]),
        ["tables in HTML"] = () => Json(Repeat("<table><td>x", 2_600)),
        ["nested JSON"] = () => "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"url\":\"https://example.com/good\",\"title\":\"good\"},{\"title\":" + Repeat("[", 1_000_000),
        ["items of JSON"] = () => "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"url\":\"https://example.com/good\",\"title\":\"good\"}" + Repeat(",{}", 1_000_000) + "]}",
        ["half characters"] = () => Json(Repeat("\\ud800", 900_000)),
        ["names in JSON"] = () => "{" + Numbered("\"a{0}\":1,", 300_000) + "\"items\":[{\"url\":\"https://example.com/good\",\"title\":\"good\"}]}",
        ["tags in JSON"] = () => "{\"items\":[{\"url\":\"https://example.com/good\",\"title\":\"good\",\"tags\":[" + Repeat("\"\",", 1_000_000) + "1]}]}",
    };

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Names))]
    public async Task A_large_input_costs_what_its_length_allows(string name)
    {
        byte[] document = Encoding.UTF8.GetBytes(Inputs[name]());
        Assert.InRange(document.Length, 0, FeedLimits.Bytes);

        (Feed feed, long allocated) = await Task.Factory.StartNew(
            () =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Feed read = Feed.Read(new FeedDocument("x", document));
                return (read, GC.GetAllocatedBytesForCurrentThread() - before);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        Assert.InRange(allocated, 0, ((long)MaxBytesForEach * document.Length) + MaxBytesInAny);
        Assert.True(feed.Items.Any(item => item.Title == "good") || feed.Problems.Count > 0, "neither an entry nor a problem");
    }

    [Fact(Timeout = Timeout)]
    public async Task The_other_feeds_are_in_the_email_whatever_one_of_them_does()
    {
        await using var server = new FeedServer();
        using var folder = new TemporaryFolder();
        string[] bad = [.. Inputs.Select((input, number) => folder.File($"{number}.feed", input.Value()))];
        string redirect = server.Document("/redirect", "", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd");
        string endless = server.Endless("/endless", "<rss>");
        string good = folder.File("good.xml", "<rss version=\"2.0\"><channel><title>G</title><item><title>The good one</title><link>https://good.example/</link></item></channel></rss>");

        Run run = await Run.ProgramAsync([.. bad, redirect, endless, good, "--max", "100000", "-o", folder.File("x.eml")]);

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.Contains("The good one", Eml.Load(folder.File("x.eml")).Plain, StringComparison.Ordinal);
        Assert.Contains("/redirect: it redirects to an address that is not http(s)", run.Error, StringComparison.Ordinal);
        Assert.Contains("/endless: larger than 8 MB", run.Error, StringComparison.Ordinal);
    }

    private static string Rss(string items) => $"<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>";

    private static string Json(params string[] html) =>
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"url\":\"https://example.com/good\",\"title\":\"good\"},"
        + string.Join(',', html.Select(text => $"{{\"url\":\"https://example.com/\",\"title\":\"t\",\"content_html\":\"{text}\"}}")) + "]}";

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static string Numbered(string format, int count) => string.Concat(Enumerable.Range(0, count).Select(number => string.Format(CultureInfo.InvariantCulture, format, number)));
}
