using System.Globalization;
using System.Text.Json;
using DigestStore.Identity;
using DigestStore.Records;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Records;

public sealed class ContentHashTests
{
    // Made without this library from the encoding that docs/schema.md publishes. A changed value means a new version of the hash.
    public static TheoryData<string> Names => [.. Vectors().Select(static vector => vector.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_published_vector_holds(string name)
    {
        JsonElement vector = Vectors().Single(candidate => candidate.GetProperty("name").GetString() == name);
        CleanItem clean = Some.Clean(ItemOf(vector));

        Assert.Equal(Text(vector, "canonicalUrl"), clean.CanonicalUrl);
        Assert.Equal(Text(vector, "link"), UrlWithoutTracking.Of(clean.Item.Url, IdentityRuleSet.Default.Tracking));
        Assert.Equal(Text(vector, "contentHash"), ContentHash.Of(clean));
    }

    [Fact]
    public void Absent_and_empty_have_one_hash()
    {
        string[] hashes = [.. Vectors().Take(3).Select(static vector => Text(vector, "contentHash")!)];

        Assert.Equal(hashes[0], hashes[2]);
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void A_hash_has_its_version_and_a_fixed_length()
    {
        string hash = ContentHash.Of(Some.Clean(Some.Item()));

        Assert.Equal(ContentHash.Length, hash.Length);
        Assert.Matches("^2-[0-9a-f]{64}$", hash);
    }

    [Fact]
    public void Two_contents_have_one_hash_exactly_when_they_are_equal_after_cleaning() => Prop.ForAll(
        Generate.Item.ToArbitrary(),
        Generate.Item.ToArbitrary(),
        static (one, other) => (Hash(one) == Hash(other)) == (Generate.Cleaned(one) == Generate.Cleaned(other))).Check(Generate.Often);

    [Fact]
    public void Every_field_counts()
    {
        DigestItem item = new() { Url = "https://example.com/a", Title = "A" };
        DigestItem[] others =
        [
            item with { Url = "https://example.com/b" }, item with { Url = "https://example.com/a#b" }, item with { Url = "http://example.com/a" }, item with { Title = "B" }, item with { Summary = "x" }, item with { Source = "x" },
            item with { Category = "x" }, item with { Author = "x" }, item with { PublishedAt = FixedClock.Start }, item with { Tags = ["x"] },
            item with { Tags = ["x", "x"] }, item with { Tags = ["xx"] }, item with { Metadata = new Dictionary<string, string> { ["x"] = "x" } },
            item with { Metadata = new Dictionary<string, string> { ["xx"] = "x" } }, item with { Metadata = new Dictionary<string, string> { ["x"] = "xx" } },
            item with { Tags = ["x"], Metadata = new Dictionary<string, string> { ["x"] = "x" } },
        ];

        Assert.Equal(others.Length + 1, others.Append(item).Select(Hash).Distinct().Count());
    }

    [Fact]
    public void The_order_of_tags_counts_and_that_of_metadata_does_not() => Prop.ForAll(
        Generate.Item.ToArbitrary(),
        static item =>
        {
            DigestItem turned = item with { Metadata = item.Metadata.Reverse().ToDictionary() };
            DigestItem tagged = item with { Tags = ["one", .. item.Tags, "two"] };
            return Hash(item) == Hash(turned) && Hash(tagged) != Hash(tagged with { Tags = [.. tagged.Tags.Reverse()] });
        }).Check(Generate.Often);

    [Fact]
    public void Tracking_parameters_and_the_offset_of_an_instant_are_no_content()
    {
        var instant = new DateTimeOffset(2026, 11, 21, 7, 0, 0, TimeSpan.FromHours(1));

        Assert.Equal(
            Hash(new DigestItem { Url = "https://example.com/a", Title = "A", PublishedAt = instant }),
            Hash(new DigestItem { Url = "https://example.com/a?utm_source=x", Title = "A", PublishedAt = instant.ToOffset(TimeSpan.FromHours(-9)) }));
    }

    [Fact]
    public void A_text_longer_than_the_buffer_is_hashed_whole()
    {
        string text = new('\u4f60', 50_000);

        Assert.NotEqual(Hash(Some.Item() with { Summary = text + "a" }), Hash(Some.Item() with { Summary = text + "b" }));
    }

    private static string Hash(DigestItem item) => ContentHash.Of(Some.Clean(item));

    private static DigestItem ItemOf(JsonElement vector) => new()
    {
        Url = Text(vector, "url")!,
        Title = Text(vector, "title")!,
        Summary = Text(vector, "summary"),
        Source = Text(vector, "source"),
        Category = Text(vector, "category"),
        Author = Text(vector, "author"),
        PublishedAt = Text(vector, "publishedAt") is { } published ? DateTimeOffset.Parse(published, CultureInfo.InvariantCulture) : null,
        Tags = vector.TryGetProperty("tags", out JsonElement tags) ? [.. tags.EnumerateArray().Select(static tag => tag.GetString()!)] : [],
        Metadata = vector.TryGetProperty("metadata", out JsonElement metadata)
            ? metadata.EnumerateObject().ToDictionary(static entry => entry.Name, static entry => entry.Value.GetString()!)
            : new Dictionary<string, string>(),
    };

    private static string? Text(JsonElement vector, string name) => vector.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static List<JsonElement> Vectors()
    {
        using Stream stream = typeof(ContentHashTests).Assembly.GetManifestResourceStream("content-hash-vectors.json")!;
        return [.. JsonDocument.Parse(stream).RootElement.EnumerateArray()];
    }
}
