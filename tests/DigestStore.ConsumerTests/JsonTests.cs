using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DigestStore;
using static DigestStore.DigestItemOutcome;

namespace ConsumerTests;

public sealed class JsonTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly Dictionary<string, JsonSerializerOptions> AllSetups = new()
    {
        ["plain"] = new JsonSerializerOptions(),
        ["web"] = Web,
        ["generated"] = ApiJson.Default.Options,
        ["generated web"] = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = ApiJson.Default },
        ["other names, no defaults"] = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        },
    };

    public static TheoryData<string> Setups { get; } = [.. AllSetups.Keys];

    [Theory]
    [MemberData(nameof(Setups))]
    public void A_digest_comes_back_with_its_date_and_all_of_its_items(string setup)
    {
        StoredDigestItem full = Rich.Stored;
        var digest = new Digest(Some.Day, [Some.Stored(Some.Link(), id: "00000000000000000000000000000002"), full], unreadable: 2);

        Digest back = RoundTrip(digest, setup);

        Assert.Equal((digest.Date, digest.Unreadable), (back.Date, back.Unreadable));
        Assert.Equal<StoredDigestItem>(digest, back);
        Assert.Equal(full.Item.PublishedAt!.Value.Offset, back[1].Item.PublishedAt!.Value.Offset);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public void A_stored_item_comes_back(string setup) => Assert.Equal(Rich.Stored, RoundTrip(Rich.Stored, setup));

    [Theory]
    [MemberData(nameof(Setups))]
    public void A_result_comes_back_with_all_that_it_says(string setup)
    {
        StoreResult result = Rich.Result;

        StoreResult back = RoundTrip(result, setup);

        Assert.Equal(result.ToString(), back.ToString());
        Assert.Equal(result.Status, back.Status);
        Assert.Equal(result.Outcomes, back.Outcomes);
        Assert.Equal(result.Problems, back.Problems);
        Assert.Equal((result.Cost, result.DeadLettered, result.Duration, result.CorrelationId), (back.Cost, back.DeadLettered, back.Duration, back.CorrelationId));
        Rich.AssertSame(result.Quality, back.Quality);
        StoreInputException error = Assert.IsType<StoreInputException>(back.InputError);
        Assert.Equal(("System.IO.IOException", "The feed broke off."), (error.OriginalType, error.Message));
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public void A_result_of_nothing_comes_back(string setup)
    {
        Assert.Equal((StoreStatus.Stored, null, "", 0), Facts(RoundTrip(StoreResult.Create([]), setup)));
        Assert.Equal((StoreStatus.Disabled, null, "", 0), Facts(RoundTrip(StoreResult.Create([], new StoreResultDetails { Disabled = true }), setup)));

        static (StoreStatus, Exception?, string, int) Facts(StoreResult result) => (result.Status, result.InputError, result.CorrelationId, result.Problems.Count);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public void Statistics_come_back(string setup)
    {
        DigestStatistics statistics = Rich.Statistics;

        DigestStatistics back = RoundTrip(statistics, setup);

        Assert.Equal(statistics.BySource, back.BySource);
        Assert.Equal(statistics.ByCategory, back.ByCategory);
        Rich.AssertSame(statistics.Quality, back.Quality);
        Assert.Equal(statistics, back with { BySource = statistics.BySource, ByCategory = statistics.ByCategory, Quality = statistics.Quality });
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public void An_id_is_its_text_also_as_a_key(string setup)
    {
        var byId = new Dictionary<DigestItemId, StoreStatus> { [Rich.Stored.Id] = StoreStatus.Stored };

        string json = JsonSerializer.Serialize(byId, AllSetups[setup]);

        Assert.StartsWith("{\"" + Rich.Stored.Id + "\":", json, StringComparison.Ordinal);
        Assert.Equal(byId, JsonSerializer.Deserialize<Dictionary<DigestItemId, StoreStatus>>(json, AllSetups[setup]));
        Assert.Equal('"' + Rich.Stored.Id.ToString() + '"', JsonSerializer.Serialize(Rich.Stored.Id));
    }

    [Fact]
    public void Members_of_enums_are_written_by_name()
    {
        JsonNode result = JsonSerializer.SerializeToNode(Rich.Result, Web)!;

        Assert.Equal("PartiallyStored", (string?)result["status"]);
        Assert.Equal(["Inserted", "Updated", "Unchanged", "Duplicate", "Rejected", "Failed"], result["outcomes"]!.AsArray().Select(static outcome => (string?)outcome));
        Assert.Equal("Throttled", (string?)result["problems"]![0]!["reason"]);
        Assert.Equal(1, (int?)result["quality"]!["defects"]!["UrlMissing"]);
        Assert.Equal(2, (int?)result["quality"]!["findings"]!["Stale"]);
        Assert.Equal("""["Absent","Timeout"]""", "[" + JsonSerializer.Serialize(KnownRecordState.Absent) + "," + JsonSerializer.Serialize(DigestStoreErrorReason.Timeout) + "]");
    }

    [Fact]
    public void What_follows_from_other_members_is_written_for_readers_in_other_languages()
    {
        JsonNode result = JsonSerializer.SerializeToNode(Rich.Result, Web)!;

        Assert.Equal((6, 1, 1), ((int)result["received"]!, (int)result["inserted"]!, (int)result["failed"]!));
        Assert.True((bool?)result["problems"]![0]!["isRetryable"]);
        Assert.Equal(0.5, (double?)result["cost"]!["shareOfRequestsSaved"]);
        Assert.Equal(0.5, (double?)result["quality"]!["completeness"]);
    }

    [Fact]
    public void A_result_that_is_read_counts_its_outcomes_itself()
    {
        StoreResult read = JsonSerializer.Deserialize<StoreResult>("""{"status":"Stored","received":9,"inserted":9,"cost":{"requests":1,"items":9},"outcomes":["Failed","Inserted"]}""", Web)!;

        Assert.Equal((StoreStatus.PartiallyStored, 2, 1, 0.5), (read.Status, read.Received, read.Inserted, read.Cost.ShareOfRequestsSaved));
        Assert.Same(DigestQuality.None, read.Quality);
    }

    [Fact]
    public void An_error_of_the_input_keeps_its_type_on_every_further_way()
    {
        StoreResult twice = RoundTrip(RoundTrip(Rich.Result, "web"), "generated");

        Assert.Equal("System.IO.IOException", Assert.IsType<StoreInputException>(twice.InputError).OriginalType);
        Assert.Same(twice.InputError, Assert.Throws<DigestStoreException>(twice.EnsureStored).InnerException);
    }

    [Fact]
    public void Lists_that_are_missing_or_null_are_empty()
    {
        DigestItem[] items = JsonSerializer.Deserialize<DigestItem[]>(
            """[{"url":"https://example.org/a","title":"A"},{"url":"https://example.org/a","title":"A","tags":null,"metadata":null}]""", AllSetups["generated web"])!;
        DigestStatistics statistics = JsonSerializer.Deserialize<DigestStatistics>("""{"date":"2026-11-21"}""", AllSetups["generated web"])!;

        Assert.All(items, static item => Assert.Equal((0, 0), (item.Tags.Count, item.Metadata.Count)));
        Assert.Equal(items[0], items[1]);
        Assert.Equal((0, 0, 0), (statistics.BySource.Count, statistics.ByCategory.Count, statistics.Quality.Defects.Count));
    }

    [Theory]
    [InlineData("""{"date":"2026-11-21","items":[{"id":"xyz","date":"2026-11-21"}]}""", "32 hexadecimal digits, as DigestItemId.ToString() gives; this text has 3 characters")]
    [InlineData("""{"date":"2026-11-21","items":[{"id":5}]}""", "a JSON string of 32 hexadecimal digits; this is a Number")]
    [InlineData("""{"date":"2026-11-21","items":[null]}""", "one of these is null")]
    [InlineData("""{"date":"2026-11-21","items":null}""", "one of these is null")]
    [InlineData("""{"date":"2026-11-21","items":[],"unreadable":-1}""", "-1; it must be 0 or more")]
    [InlineData("""{"items":[]}""", "date")]
    [InlineData("[]", "")]
    public void What_is_no_digest_is_refused(string json, string why) =>
        Assert.Contains(why, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Digest>(json, Web)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"status":"Stored"}""", "outcomes")]
    [InlineData("""{"outcomes":null}""", "Inserted, Updated, Unchanged, Duplicate, Rejected, Failed, Skipped")]
    [InlineData("""{"outcomes":[99]}""", "Inserted, Updated, Unchanged, Duplicate, Rejected, Failed, Skipped")]
    [InlineData("""{"outcomes":["Lost"]}""", "DigestItemOutcome")]
    [InlineData("""{"outcomes":[],"problems":[null]}""", "an object with 'reason' and 'message'")]
    public void What_is_no_result_is_refused(string json, string why) =>
        Assert.Contains(why, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<StoreResult>(json, Web)).Message, StringComparison.Ordinal);

    private static T RoundTrip<T>(T value, string setup) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, AllSetups[setup]), AllSetups[setup])!;

    // Values with something in every member.
    private static class Rich
    {
        public static readonly StoredDigestItem Stored = new()
        {
            Id = DigestItemId.Parse("0123456789abcdef0123456789abcdef"),
            Date = Some.Day,
            Item = new DigestItem
            {
                Url = "https://Example.org/ä?b=%20c&d",
                Title = "\"Quotes\", <tags> & \u2028 😀",
                Summary = "Two\nlines",
                Source = "A feed",
                Category = "News",
                Author = "Å. Ström",
                PublishedAt = new DateTimeOffset(2026, 11, 20, 8, 30, 0, TimeSpan.FromHours(5.5)).AddTicks(1),
                Tags = ["one", "", "two"],
                Metadata = new Dictionary<string, string> { ["Words"] = "1200", [""] = "empty" },
            },
            CanonicalUrl = "https://example.org/%C3%A4?b=%20c&d",
            CreatedAt = Some.Noon.AddTicks(1),
            UpdatedAt = Some.Noon.AddDays(1),
            Revision = 3,
            Ordinal = 7,
            ExpiresAt = Some.Noon.AddDays(90),
        };

        public static readonly DigestStatistics Statistics = new()
        {
            Date = Some.Day,
            Items = 3,
            Unreadable = 1,
            BySource = new Dictionary<string, int> { ["A feed"] = 2, [""] = 1 },
            ByCategory = new Dictionary<string, int> { ["News"] = 3 },
            FirstStoredAt = Some.Noon,
            LastStoredAt = Some.Noon.AddHours(2),
            Revisions = 5_000_000_000,
            UpdatedItems = 2,
            Bytes = 6_000_000_000,
            Quality = Quality(),
        };

        public static readonly StoreResult Result = StoreResult.Create([Inserted, Updated, Unchanged, DigestItemOutcome.Duplicate, Rejected, Failed], new StoreResultDetails
        {
            Problems =
            [
                new StoreProblem { Index = 5, Id = Stored.Id, Outcome = Failed, Reason = StoreProblemReason.Throttled, Message = "The table admitted nothing." },
                new StoreProblem { Index = 4, Outcome = Rejected, Reason = StoreProblemReason.ItemMissing, Message = "The element is null." },
                new StoreProblem { Reason = StoreProblemReason.InputBrokeOff, Message = "The input ended early." },
            ],
            InputError = new IOException("The feed broke off."),
            Cost = new StoreCost { Requests = 3, Retries = 1, ReadUnits = 0.5, WriteUnits = 12.5 },
            DeadLettered = 1,
            Duration = TimeSpan.FromTicks(12_345_678),
            CorrelationId = "order-4711",
            Quality = Quality(),
        });

        public static void AssertSame(DigestQuality expected, DigestQuality actual)
        {
            Assert.Equal(expected.Defects, actual.Defects);
            Assert.Equal(expected.Findings, actual.Findings);
            Assert.Equal(expected.BySource.Keys, actual.BySource.Keys);
            Assert.Equal(expected, actual with { Defects = expected.Defects, Findings = expected.Findings, BySource = expected.BySource });
            foreach ((string source, DigestQuality quality) in expected.BySource)
            {
                AssertSame(quality, actual.BySource[source]);
            }
        }

        private static DigestQuality Quality() => Part() with { BySource = new Dictionary<string, DigestQuality> { ["A feed"] = Part(), [""] = new() { Items = 1 } } };

        private static DigestQuality Part() => new()
        {
            Items = 4,
            WithSummary = 4,
            WithAuthor = 2,
            WithSource = 1,
            WithPublishedAt = 1,
            Duplicates = 1,
            Defects = new Dictionary<StoreProblemReason, int> { [StoreProblemReason.UrlMissing] = 1, [StoreProblemReason.ItemMissing] = 2 },
            Findings = new Dictionary<QualityFinding, int> { [QualityFinding.Stale] = 2, [QualityFinding.TitleIsUrl] = 1 },
        };
    }
}
