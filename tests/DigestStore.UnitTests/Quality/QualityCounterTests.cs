using DigestStore.Quality;

namespace DigestStore.UnitTests.Quality;

public sealed class QualityCounterTests
{
    private readonly QualityCounter _counter = new();

    [Fact]
    public void What_is_there_is_counted()
    {
        _counter.Add(null, default);
        _counter.Add(Some.Item(), default);
        _counter.Add(Some.Item() with { Summary = "s", Author = "a", Source = "s", PublishedAt = FixedClock.Start }, default);
        _counter.Add(Some.Item() with { Summary = " ", Author = "" }, default);
        _counter.AddDefect(null, StoreProblemReason.ItemMissing);

        DigestQuality quality = _counter.ToQuality();

        Assert.Equal((3, 1, 1, 1, 1), (quality.Items, quality.WithSummary, quality.WithAuthor, quality.WithSource, quality.WithPublishedAt));
        Assert.Equal(1.0 / 3, quality.Completeness, 9);
        Assert.Equal([KeyValuePair.Create(StoreProblemReason.ItemMissing, 1)], quality.Defects);
        Assert.Empty(quality.Findings);
        Assert.Equal(0, quality.Duplicates);
    }

    [Fact]
    public void Everything_is_counted_for_its_source_too()
    {
        FindingSet stale = default(FindingSet).With(QualityFinding.Stale, true);
        _counter.Add(Of("A"), stale);
        _counter.Add(Of("A"), stale.With(QualityFinding.TitleIsUrl, true));
        _counter.Add(Of("a"), default);
        _counter.Add(Of(null), default);
        _counter.Add(Of(" "), stale);
        _counter.AddDefect(Of("A"), StoreProblemReason.TitleMissing);
        _counter.AddDuplicate(Of("a"));

        DigestQuality quality = _counter.ToQuality();

        Assert.Equal([("", 2), ("A", 2), ("a", 1)], Items(quality));
        Assert.Equal(Found((QualityFinding.Stale, 3), (QualityFinding.TitleIsUrl, 1)), quality.Findings);
        Assert.Equal(Found((QualityFinding.Stale, 2), (QualityFinding.TitleIsUrl, 1)), quality.BySource["A"].Findings);
        Assert.Equal(Found((QualityFinding.Stale, 1)), quality.BySource[""].Findings);
        Assert.Equal([KeyValuePair.Create(StoreProblemReason.TitleMissing, 1)], quality.BySource["A"].Defects);
        Assert.Equal((1, 1, 0), (quality.Duplicates, quality.BySource["a"].Duplicates, quality.BySource["A"].Duplicates));
        Assert.All(quality.BySource.Values, static nested => Assert.Empty(nested.BySource));
    }

    [Fact]
    public void The_number_of_sources_is_bounded()
    {
        foreach (int number in Enumerable.Range(0, 10_000))
        {
            _counter.Add(Of("Source " + number), default);
        }

        _counter.Add(Of(null), default);
        _counter.Add(Of("Source 99"), default);

        DigestQuality quality = _counter.ToQuality();

        Assert.Equal(QualityRules.MaxSources + 2, quality.BySource.Count);
        Assert.Equal(9_900, quality.BySource[QualityRules.OtherSources].Items);
        Assert.Equal((2, 1), (quality.BySource["Source 99"].Items, quality.BySource[""].Items));
        Assert.Equal(quality.Items, quality.BySource.Values.Sum(static nested => nested.Items));
    }

    [Fact]
    public void A_feed_may_have_the_name_of_the_rest()
    {
        foreach (int number in Enumerable.Range(0, 200))
        {
            _counter.Add(Of(number % 2 == 0 ? QualityRules.OtherSources : "Source " + number), default);
        }

        DigestQuality quality = _counter.ToQuality();

        Assert.Equal(QualityRules.MaxSources, quality.BySource.Count - (quality.BySource.ContainsKey("") ? 1 : 0));
        Assert.Equal(101, quality.BySource[QualityRules.OtherSources].Items);
    }

    [Fact]
    public void A_long_name_is_cut_at_a_whole_character()
    {
        string name = new('x', QualityRules.MaxSourceLength - 1);
        _counter.Add(Of(name + "abc"), default);
        _counter.Add(Of(name + "axyz"), default);
        _counter.Add(Of(name + "\U0001F600"), default);

        Assert.Equal([(name, 1), (name + "a", 2)], Items(_counter.ToQuality()));
    }

    private static DigestItem Of(string? source) => Some.Item() with { Source = source };

    private static Dictionary<QualityFinding, int> Found(params (QualityFinding Finding, int Count)[] counts) =>
        counts.ToDictionary(static entry => entry.Finding, static entry => entry.Count);

    private static (string Source, int Items)[] Items(DigestQuality quality) =>
        [.. quality.BySource.Select(static entry => (entry.Key, entry.Value.Items)).OrderBy(static entry => entry.Key, StringComparer.Ordinal)];
}
