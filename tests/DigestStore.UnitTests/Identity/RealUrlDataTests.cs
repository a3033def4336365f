using System.Text.Json;
using DigestStore.TestSupport;
using static DigestStore.UnitTests.Identity.RuleSets;

namespace DigestStore.UnitTests.Identity;

public sealed class RealUrlDataTests
{
    private const string Newsletter = "twir_items.jsonl";
    private const string Counts = "twir_expected_counts.json";
    private const string Books = "free_programming_books.jsonl";
    private const string Hostile = "url_hostile.json";

    [Theory]
    [InlineData(Newsletter)]
    [InlineData(Books)]
    public void A_real_link_has_a_fixed_point_however_it_is_mangled(string fileName)
    {
        var random = new Random(1);
        Assert.All(Links(fileName).Distinct().ToList(), link =>
        {
            Assert.True(UrlPropertyTests.IsFixedPointOrRefused(link, AllOn), link);
            Assert.True(UrlPropertyTests.IsFixedPointOrRefused(link, AllOff), link);
            string mangled = Mangle(link, random);
            Assert.True(UrlPropertyTests.IsFixedPointOrRefused(mangled, EveryCombination[random.Next(EveryCombination.Count)]), mangled);
        });
    }

    [Fact]
    public void Every_real_http_link_is_accepted()
    {
        List<string> refused = [.. Links(Newsletter).Concat(Links(Books)).Distinct().Where(static link => link.StartsWith("http", StringComparison.Ordinal) && Canonical(link) is null)];

        Assert.Empty(refused);
    }

    [Fact]
    public void Each_issue_of_a_newsletter_has_as_many_pages_as_a_reference_count()
    {
        Dictionary<string, int> pages = Read(Newsletter)
            .Select(static item => (Date: item.GetProperty("date").GetString()!, Page: Canonical(item.GetProperty("url").GetString())))
            .Where(static item => item.Page is not null)
            .Distinct()
            .CountBy(static item => item.Date)
            .ToDictionary(StringComparer.Ordinal);

        using var counts = JsonDocument.Parse(File.ReadAllText(PathOf(Counts)));
        Assert.All(counts.RootElement.GetProperty("dates").EnumerateObject(), date => Assert.InRange(
            pages.GetValueOrDefault(date.Name),
            date.Value.GetProperty("unique_recommended").GetInt32(),
            date.Value.GetProperty("unique_must").GetInt32()));
    }

    [Fact]
    public void A_hostile_link_never_throws()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(PathOf(Hostile)));
        string[] links =
        [
            .. document.RootElement.GetProperty("hostile").EnumerateArray().Select(static link => Text(link, "url")),
            .. document.RootElement.GetProperty("invalid").EnumerateArray().Select(static link => Text(link, "url")),
        ];

        Assert.All(links, static link => Assert.All(EveryCombination, rules => Assert.True(UrlPropertyTests.IsFixedPointOrRefused(link, rules), link)));
    }

    private static string Mangle(string link, Random random)
    {
        string[] noise = ["%", "%2e", "/..", "//", "\u00e9", "\ud83d", "&", "#/", " ", "\0", "www.", "@", ":", "?utm_source=1"];
        int at = random.Next(link.Length + 1);
        return random.Next(3) switch
        {
            0 => link[..at],
            1 => link.Insert(at, noise[random.Next(noise.Length)]),
            _ => link[..at].ToUpperInvariant() + noise[random.Next(noise.Length)] + link[at..],
        };
    }

    private static IEnumerable<string> Links(string fileName) => Read(fileName).Select(static item => item.GetProperty("url").GetString()!);

    private static IEnumerable<JsonElement> Read(string fileName) =>
        File.ReadLines(PathOf(fileName)).Select(static line => JsonSerializer.Deserialize<JsonElement>(line));

    private static string PathOf(string fileName)
    {
        string? path = RealData.Find(fileName);
        Assert.SkipWhen(path is null, RealData.Missing(fileName));
        return path!;
    }

    // Lone surrogates stand as UTF-16 in hex, which JSON readers do not refuse.
    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : System.Text.Encoding.BigEndianUnicode.GetString(Convert.FromHexString(json.GetProperty(name + "_utf16_hex").GetString()!));
}
