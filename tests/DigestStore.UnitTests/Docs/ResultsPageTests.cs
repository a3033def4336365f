using System.Globalization;
using System.Reflection;
using System.Text.Json;
using DigestStore.Quality;

namespace DigestStore.UnitTests.Docs;

public sealed class ResultsPageTests
{
    private static readonly DocumentPage Page = new("docs/results.md");

    [Fact]
    public void Every_status_is_published() => AssertSame<StoreStatus>("## Status");

    [Fact]
    public void Every_outcome_is_published() => AssertSame<DigestItemOutcome>("## Outcomes");

    [Fact]
    public void Every_problem_reason_is_published_under_what_it_does_to_the_item()
    {
        AssertSame(Reasons(from: 0, to: 19), "### Rejected: the item is invalid");
        AssertSame(Reasons(from: 20, to: 39), "### Failed: the item is valid and not known to be stored");
        AssertSame(Reasons(from: 40, to: int.MaxValue), "### Problems of the whole call");
    }

    [Fact]
    public void Which_reasons_are_worth_trying_again_is_published()
    {
        string[][] rows = [.. Page.Rows("### Is it worth trying again?")];

        Assert.Equal(["true", "false"], rows.Select(static row => row[0]));
        Assert.Equal(Retryable(true), Listed(rows[0]));
        Assert.Equal(Retryable(false), Listed(rows[1]));

        static IEnumerable<StoreProblemReason> Retryable(bool isRetryable) =>
            Enum.GetValues<StoreProblemReason>().Where(reason => new StoreProblem { Reason = reason, Message = "" }.IsRetryable == isRetryable);

        static IEnumerable<StoreProblemReason> Listed(string[] row) =>
            row[1].Split(',', StringSplitOptions.TrimEntries).Select(static name => Enum.Parse<StoreProblemReason>(name.Trim('`'))).Order();
    }

    [Fact]
    public void Every_error_reason_is_published() => AssertSame<DigestStoreErrorReason>("## Error reasons");

    [Fact]
    public void Every_finding_is_published_with_its_number()
    {
        AssertSame<QualityFinding>("### Findings");
        Assert.Contains(Number(QualityRules.StaleAfter.Days) + " days", Rule(QualityFinding.Stale), StringComparison.Ordinal);
        Assert.Contains(Number(QualityRules.FutureTolerance.Days) + " day ", Rule(QualityFinding.FutureDated), StringComparison.Ordinal);
        Assert.StartsWith(Number(QualityRules.MinShoutedLetters) + " or more", Rule(QualityFinding.TitleShouting), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_of_text_formatting_is_published() =>
        Assert.Equal(HtmlNames.ElementNames.Replace(" ", "` `", StringComparison.Ordinal), Between("in capitals: `", "`.").Replace('\n', ' '));

    [Fact]
    public void Every_member_of_the_cost_the_quality_and_the_statistics_is_published()
    {
        AssertMembers(typeof(StoreCost), "## Cost");
        AssertMembers(typeof(DigestQuality), "## Quality");
        AssertMembers(typeof(DigestStatistics), "## Statistics of a day");
        string sources = Assert.Single(Page.Rows("## Quality"), static row => row[0] == nameof(DigestQuality.BySource))[1];
        Assert.Contains($"at most {Number(QualityRules.MaxSources)} by name", sources, StringComparison.Ordinal);
        Assert.Contains($"under `{QualityRules.OtherSources}`", sources, StringComparison.Ordinal);
        Assert.Contains($"cut at {Number(QualityRules.MaxSourceLength)} characters", sources, StringComparison.Ordinal);
    }

    [Fact]
    public void The_JSON_of_a_digest_and_of_a_result_is_published()
    {
        var item = new DigestItem
        {
            Url = "https://example.org/a",
            Title = "A headline",
            Source = "A feed",
            PublishedAt = new DateTimeOffset(2026, 11, 20, 8, 30, 0, TimeSpan.FromHours(1)),
            Tags = ["one"],
            Metadata = new Dictionary<string, string> { ["words"] = "1200" },
        };
        DigestItemId id = DigestItemId.Parse("0123456789abcdef0123456789abcdef");
        var date = new DateOnly(2026, 11, 21);
        var noon = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        var digest = new Digest(date, [new StoredDigestItem { Id = id, Date = date, Item = item, CanonicalUrl = item.Url, CreatedAt = noon, UpdatedAt = noon }]);
        StoreResult result = StoreResult.Create([DigestItemOutcome.Inserted, DigestItemOutcome.Failed], new StoreResultDetails
        {
            DeadLettered = 1,
            InputError = new IOException("The feed broke off."),
            Problems = [new StoreProblem { Index = 1, Id = id, Outcome = DigestItemOutcome.Failed, Reason = StoreProblemReason.Throttled, Message = "The table admitted nothing." }],
            Cost = new StoreCost { Requests = 5, Retries = 2, ReadUnits = 1, WriteUnits = 4 },
            Duration = TimeSpan.FromSeconds(1.5),
            CorrelationId = "order-4711",
            Quality = new DigestQuality { Items = 2, Findings = new Dictionary<QualityFinding, int> { [QualityFinding.Stale] = 1 } },
        });

        Assert.Equal(Compact(Page.Json("## As JSON")), Compact(JsonSerializer.SerializeToElement(digest, JsonSerializerOptions.Web)));
        Assert.Equal(Compact(Page.Json("### A result as JSON")), Compact(JsonSerializer.SerializeToElement(result, JsonSerializerOptions.Web)));

        static string Compact(JsonElement json) => JsonSerializer.Serialize(json);
    }

    [Fact]
    public void Every_reason_has_a_meaning_and_a_remedy() => Assert.All(
        (string[])["### Rejected: the item is invalid", "### Failed: the item is valid and not known to be stored", "### Problems of the whole call", "## Error reasons"],
        static heading => Assert.All(Page.Rows(heading), static row => Assert.DoesNotContain("", row)));

    // The numbers of the reasons are grouped by what they do to the item.
    private static IEnumerable<string> Reasons(int from, int to) => Enum.GetValues<StoreProblemReason>()
        .Where(reason => (int)reason >= from && (int)reason <= to)
        .Select(static reason => reason.ToString());

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Rule(QualityFinding finding) =>
        Assert.Single(Page.Rows("### Findings"), row => string.Equals(row[0], finding.ToString(), StringComparison.Ordinal))[1];

    private static string Between(string start, string end)
    {
        int from = Page.Text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return Page.Text[from..Page.Text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static void AssertMembers(Type type, string heading) => Assert.Equal(
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static property => property.Name).Order(StringComparer.Ordinal),
        Page.Rows(heading).SelectMany(static row => row[0].Split(',', StringSplitOptions.TrimEntries)).Select(static name => name.Trim('`')).Order(StringComparer.Ordinal));

    private static void AssertSame<TEnum>(string heading)
        where TEnum : struct, Enum => AssertSame(Enum.GetNames<TEnum>(), heading);

    private static void AssertSame(IEnumerable<string> names, string heading) => Assert.Equal(
        names.Order(StringComparer.Ordinal),
        Page.Rows(heading).Select(static row => row[0]).Order(StringComparer.Ordinal));
}
