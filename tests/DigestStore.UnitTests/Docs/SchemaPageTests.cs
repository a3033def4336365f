using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using DigestStore.Identity;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.Testing;

namespace DigestStore.UnitTests.Docs;

public sealed class SchemaPageTests
{
    private static readonly DocumentPage Page = new("docs/schema.md");
    private static readonly DateOnly Date = new(2026, 11, 21);
    private static readonly DateTimeOffset StoredAt = new DateTimeOffset(2026, 11, 21, 5, 30, 0, TimeSpan.Zero).AddTicks(1_234_567);
    private static readonly Partition Partition = new("digests", "daily", Date);

    private static DigestItem PublishedItem { get; } = new()
    {
        Url = "https://www.example.com/articles/42/?utm_source=mail#comments",
        Title = "Über Caches: was ein Treffer kostet",
        Summary = "A cache hit saves 40 ms; a stale one costs a reader.",
        Source = "Example Weekly",
        Category = "engineering",
        Author = "A. Writer",
        PublishedAt = new DateTimeOffset(2026, 11, 20, 18, 0, 0, TimeSpan.FromHours(1)),
        Tags = ["caching", "", "http"],
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["words"] = "1200", ["lang"] = "de", ["note"] = "" },
    };

    [Fact]
    public void Every_attribute_name_is_published_and_none_besides()
    {
        IEnumerable<string> constants = typeof(AttributeNames)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(static field => field.Name != nameof(AttributeNames.StatusIndex))
            .Select(static field => (string)field.GetRawConstantValue()!);

        Assert.Equal(Sorted(constants), Sorted(Attributes("### Header").Union(Attributes("### Item"), StringComparer.Ordinal).Union(Attributes("### Manifest"), StringComparer.Ordinal)));
        Assert.Contains($"`{AttributeNames.StatusIndex}`", Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_item_attributes_are_those_that_are_written() =>
        Assert.Equal(Sorted(Mapped().Keys), Sorted(Attributes("### Item")));

    [Fact]
    public void The_published_manifest_attributes_are_those_that_are_written()
    {
        var updates = new ManifestUpdates(Some.Settings());
        var manifest = new Manifest { Date = Partition.Date, Fence = 1, State = ManifestState.Sending };
        string[] first = [.. updates.First(manifest, seen: null).Changes.Select(static change => change.Name), AttributeNames.Pk, AttributeNames.Sk];
        string[] further = [.. updates.Further(manifest, part: 2).Changes.Select(static change => change.Name), AttributeNames.Pk, AttributeNames.Sk];

        Assert.Equal(Sorted(first), Sorted(Attributes("### Manifest")));
        Assert.Equal(Sorted(first.Except(further, StringComparer.Ordinal)), Sorted(Page.Rows("### Manifest").Where(static row => row[2] is "in a further part" or "one part is enough" or "unless an attempt found the state that it names").Select(static row => row[0].Trim('`'))));
        Assert.Contains("24,000 ids", Page.Text, StringComparison.Ordinal);
        Assert.Equal(24_000, ManifestUpdates.MaxIdsInPart);
    }

    [Fact]
    public void The_published_item_is_what_the_mapper_makes_of_the_published_input() =>
        Assert.True(JsonNode.DeepEquals(Node(Page.Json("### A stored item")), Json(Mapped())), Json(Mapped()).ToJsonString());

    [Fact]
    public void The_input_of_the_published_item_is_that_of_the_test()
    {
        Assert.Contains($"Url = \"{PublishedItem.Url}\",", Page.Text, StringComparison.Ordinal);
        Assert.Contains("Tags = [\"caching\", \"\", \"http\"],", Page.Text, StringComparison.Ordinal);
        Assert.Contains("[\"words\"] = \"1200\", [\"lang\"] = \"de\", [\"note\"] = \"\"", Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_header_attributes_are_those_that_are_written()
    {
        IEnumerable<string> written = HeaderUpdates.Finish(Partition, Header(expiredAt: StoredAt)).Changes.Select(static change => change.Name)
            .Append(AttributeNames.Pk)
            .Append(AttributeNames.Sk)
            .Append(AttributeNames.Fence)
            .Append(AttributeNames.DeletedAt);

        Assert.Equal(Sorted(written), Sorted(Attributes("### Header")));
        Assert.Equal(
            Sorted(Attributes("### Header").Except([.. HeaderAttributes.OfDeliveries, AttributeNames.Fence, AttributeNames.DeletedAt], StringComparer.Ordinal)),
            Sorted(Page.Json("### A stored header").EnumerateObject().Select(static attribute => attribute.Name)));
    }

    [Fact]
    public void The_published_header_is_what_the_first_store_makes()
    {
        Dictionary<string, AttributeValue> header = UpdateEvaluator.Apply(HeaderUpdates.Finish(Partition, Header()), before: null).After!;

        Assert.True(JsonNode.DeepEquals(Node(Page.Json("### A stored header")), Json(header)), Json(header).ToJsonString());
    }

    // Whoever adds an attribute of the delivery finds here that an expired header must not keep it. The fence never goes back, and what was sent
    // before a deletion was sent before it for ever.
    [Fact]
    public void A_header_that_begins_anew_loses_every_published_attribute_that_no_store_writes_but_the_fence_and_the_time_of_the_deletion()
    {
        IEnumerable<string> ofStores = HeaderUpdates.Finish(Partition, Header()).Changes.Select(static change => change.Name);
        IEnumerable<string> removed = HeaderUpdates.Finish(Partition, Header(expiredAt: StoredAt)).Changes.OfType<AttributeChange.Remove>().Select(static change => change.Name);

        Assert.Equal(Sorted(Attributes("### Header").Except([.. ofStores, AttributeNames.Pk, AttributeNames.Sk, AttributeNames.Fence, AttributeNames.DeletedAt], StringComparer.Ordinal)), Sorted(removed));
        Assert.Contains(AttributeNames.DeliveredAt, removed);
    }

    [Fact]
    public void The_golden_vectors_hold()
    {
        var vectors = Page.Json("### Golden vectors").EnumerateArray().ToList();

        Assert.True(vectors.Count >= 3);
        Assert.All(vectors, static vector =>
        {
            CleanItem clean = Clean(new DigestItem
            {
                Url = vector.GetProperty("url").GetString()!,
                Title = vector.GetProperty("title").GetString()!,
                Summary = Optional(vector, "summary")?.GetString(),
                Source = Optional(vector, "source")?.GetString(),
                Category = Optional(vector, "category")?.GetString(),
                Author = Optional(vector, "author")?.GetString(),
                PublishedAt = Optional(vector, "publishedAt") is { } published ? DateTimeOffset.Parse(published.GetString()!, CultureInfo.InvariantCulture) : null,
                Tags = [.. Optional(vector, "tags")?.EnumerateArray().Select(static tag => tag.GetString()!) ?? []],
                Metadata = Optional(vector, "metadata")?.EnumerateObject().ToDictionary(static entry => entry.Name, static entry => entry.Value.GetString()!, StringComparer.Ordinal) ?? [],
            });
            Assert.Equal(vector.GetProperty("canonicalUrl").GetString(), clean.CanonicalUrl);
            Assert.Equal(vector.GetProperty("hash").GetString(), ContentHash.Of(clean));
        });
    }

    [Fact]
    public void The_published_links_hold()
    {
        IReadOnlyList<string[]> rows = Page.Rows("### The link");

        Assert.True(rows.Count >= 5);
        Assert.All(rows, static row => Assert.Equal(row[1], UrlWithoutTracking.Of(row[0], IdentityRuleSet.Default.Tracking)));
    }

    [Fact]
    public async Task The_published_requests_and_write_units_hold()
    {
        IReadOnlyList<string[]> rows = Page.Rows("## Requests and capacity");
        foreach (int count in (int[])[1, 25, 26, 200, 500])
        {
            using var repository = new InMemoryDigestRepository();
            AssertCosts(rows, count == 1 ? "first store of 1 item" : $"first store of {count} items", await repository.StoreAsync(Date, Items(count)));
            if (count == 200)
            {
                AssertRequests(rows, "the same 200 items again", await repository.StoreAsync(Date, Items(count)));
                AssertRequests(rows, "200 items, one changed", await repository.StoreAsync(Date, [.. Items(count - 1), Items(count)[^1] with { Title = "New" }]));
            }
        }
    }

    [Fact]
    public void The_published_size_holds()
    {
        Assert.Contains($"the item above has {AttributeSize.Of(Mapped())} bytes", Page.Text, StringComparison.Ordinal);
        Assert.Contains($"({Schema.MaxItemBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes)", Page.Text, StringComparison.Ordinal);
    }

    // The in-memory table has no index, whose copy of the header costs one unit more.
    private static void AssertCosts(IReadOnlyList<string[]> rows, string call, StoreResult result)
    {
        AssertRequests(rows, call, result);
        Assert.Equal(double.Parse(Row(rows, call)[3], CultureInfo.InvariantCulture), result.Cost.WriteUnits + 1);
    }

    private static void AssertRequests(IReadOnlyList<string[]> rows, string call, StoreResult result) =>
        Assert.Equal(int.Parse(Row(rows, call)[1], CultureInfo.InvariantCulture), result.Cost.Requests);

    private static string[] Row(IReadOnlyList<string[]> rows, string call) =>
        Assert.Single(rows, row => string.Equals(row[0], call, StringComparison.Ordinal));

    private static List<DigestItem> Items(int count) =>
        [.. Enumerable.Range(0, count).Select(static index => new DigestItem { Url = $"https://example.com/{index}", Title = $"Item {index}" })];

    private static IEnumerable<string> Attributes(string heading) => Page.Rows(heading).Select(static row => row[0]);

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private static CleanItem Clean(DigestItem item)
    {
        Assert.True(ItemValidator.TryValidate(item, IdentityRuleSet.Default, Partition.Digest, out CleanItem? clean, out _, out StoreProblemReason defect), defect.ToString());
        return clean;
    }

    private static Dictionary<string, AttributeValue> Mapped()
    {
        CleanItem clean = Clean(PublishedItem);
        return ItemMapper.ToAttributes(
            new ItemWrite
            {
                Id = DigestItemId.FromCanonical(clean.CanonicalUrl),
                Content = clean,
                CreatedAt = StoredAt,
                UpdatedAt = StoredAt,
                Revision = 1,
                Ordinal = 0,
                ExpiresAt = StoredAt.AddDays(365),
            },
            Partition);
    }

    private static HeaderFinish Header(DateTimeOffset? expiredAt = null) => new()
    {
        RunId = "ec27dfd96506f927f3340fd2cd75a4d7",
        CorrelationId = "digest-2026-11-21",
        StoreStatus = "stored",
        IdRules = IdentityRuleSet.Default.Fingerprint,
        StoredAt = StoredAt,
        OrdinalsUsed = 1,
        ExpiresAt = StoredAt.AddDays(365),
        ExpiredAt = expiredAt,
        Inserted = 1,
    };

    private static JsonElement? Optional(JsonElement vector, string name) => vector.TryGetProperty(name, out JsonElement value) ? value : null;

    private static JsonNode? Node(JsonElement element) => JsonNode.Parse(element.GetRawText());

    private static JsonObject Json(Dictionary<string, AttributeValue> record) =>
        new(record.Select(static attribute => KeyValuePair.Create<string, JsonNode?>(attribute.Key, Json(attribute.Value))));

    private static JsonObject Json(AttributeValue value) => value switch
    {
        { S: { } text } => new JsonObject { ["S"] = text },
        { N: { } number } => new JsonObject { ["N"] = number },
        { IsLSet: true } => new JsonObject { ["L"] = new JsonArray([.. value.L.Select(Json)]) },
        _ => new JsonObject { ["M"] = Json(value.M) },
    };
}
