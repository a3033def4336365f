using DigestStore;

namespace ConsumerTests;

public sealed class DigestItemTests
{
    private static readonly DigestItem Original = new()
    {
        Url = "https://example.org/a",
        Title = "A headline",
        Summary = "A summary",
        Source = "A source",
        Category = "A category",
        Author = "An author",
        PublishedAt = new DateTimeOffset(2026, 11, 21, 8, 30, 0, TimeSpan.FromHours(1)),
        Tags = ["a", "b"],
        Metadata = new Dictionary<string, string> { ["one"] = "1", ["two"] = "2" },
    };

    public static TheoryData<string, DigestItem> Others { get; } = new()
    {
        { "url", Original with { Url = "https://example.org/A" } },
        { "title", Original with { Title = "a headline" } },
        { "summary", Original with { Summary = null } },
        { "source", Original with { Source = "" } },
        { "category", Original with { Category = "another" } },
        { "author", Original with { Author = "another" } },
        { "published", Original with { PublishedAt = Original.PublishedAt!.Value.AddTicks(1) } },
        { "not published", Original with { PublishedAt = null } },
        { "order of tags", Original with { Tags = ["b", "a"] } },
        { "number of tags", Original with { Tags = ["a"] } },
        { "value of metadata", Original with { Metadata = new Dictionary<string, string> { ["one"] = "1", ["two"] = "3" } } },
        { "name of metadata", Original with { Metadata = new Dictionary<string, string> { ["one"] = "1", ["Two"] = "2" } } },
        { "number of metadata", Original with { Metadata = new Dictionary<string, string> { ["one"] = "1" } } },
    };

    [Fact]
    public void Equality_is_structural_lists_included()
    {
        DigestItem same = Original with
        {
            PublishedAt = Original.PublishedAt!.Value.ToUniversalTime(),
            Tags = new List<string> { "a", "b" },
            Metadata = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["two"] = "2", ["one"] = "1" },
        };

        Assert.Equal(Original, same);
        Assert.Equal(Original.GetHashCode(), same.GetHashCode());
        Assert.True(Original == same);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_value_counts(string what, DigestItem other)
    {
        Assert.True(Original != other, what);
        Assert.False(Original.Equals(other), what);
    }

    [Fact]
    public void Missing_lists_equal_empty_ones()
    {
        DigestItem bare = Some.Link();
        DigestItem missing = bare with { Tags = null!, Metadata = null! };

        Assert.Equal(bare, missing);
        Assert.Equal(missing, bare);
        Assert.Equal(bare.GetHashCode(), missing.GetHashCode());
    }

    [Fact]
    public void Nothing_throws_in_an_invalid_item()
    {
        var invalid = new DigestItem { Url = null!, Title = null! };

        Assert.Equal(invalid, new DigestItem { Url = null!, Title = null! });
        Assert.NotEqual(Some.Link(), invalid);
        Assert.False(invalid.Equals(null));
        Assert.NotNull(invalid.ToString());
        _ = invalid.GetHashCode();
    }

    [Fact]
    public void Only_URL_and_title_are_required()
    {
        DigestItem bare = Some.Link();

        Assert.Empty(bare.Tags);
        Assert.Empty(bare.Metadata);
        Assert.Equal((null, null, null, null, null), (bare.Summary, bare.Source, bare.Category, bare.Author, bare.PublishedAt));
    }
}
