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
        AssertSame(Reasons(from: 40, to: int.MaxValue), "### No item's own");
    }

    [Fact]
    public void Every_error_reason_is_published() => AssertSame<DigestStoreErrorReason>("## Error reasons");

    [Fact]
    public void Every_reason_has_a_meaning_and_a_remedy() => Assert.All(
        (string[])["### Rejected: the item is invalid", "### Failed: the item is valid and not known to be stored", "### No item's own", "## Error reasons"],
        static heading => Assert.All(Page.Rows(heading), static row => Assert.DoesNotContain("", row)));

    // The numbers of the reasons are grouped by what they do to the item.
    private static IEnumerable<string> Reasons(int from, int to) => Enum.GetValues<StoreProblemReason>()
        .Where(reason => (int)reason >= from && (int)reason <= to)
        .Select(static reason => reason.ToString());

    private static void AssertSame<TEnum>(string heading)
        where TEnum : struct, Enum => AssertSame(Enum.GetNames<TEnum>(), heading);

    private static void AssertSame(IEnumerable<string> names, string heading) => Assert.Equal(
        names.Order(StringComparer.Ordinal),
        Page.Rows(heading).Select(static row => row[0]).Order(StringComparer.Ordinal));
}
