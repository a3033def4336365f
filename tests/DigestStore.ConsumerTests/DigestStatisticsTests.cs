using DigestStore;
using DigestStore.Testing;
using Moq;

namespace ConsumerTests;

public sealed class DigestStatisticsTests
{
    [Fact]
    public async Task A_fakes_day_has_statistics_too()
    {
        var digests = new Mock<IDigestRepository>(MockBehavior.Strict);
        StoredDigestItem[] items =
        [
            Some.Stored(Some.Link("one") with { Source = "A", Category = "News", PublishedAt = Some.Noon.AddDays(-40) }) with { Revision = 3, UpdatedAt = Some.Noon.AddHours(2) },
            Some.Stored(Some.Link("two") with { Source = "a", Category = " ", PublishedAt = Some.Noon.AddDays(2) }, createdAt: Some.Noon.AddHours(-1)) with { UpdatedAt = Some.Noon },
            Some.Stored(Some.Link("https://example.org/b") with { Tags = null!, Metadata = null! }),
        ];
        digests.Setup(repository => repository.GetAsync(Some.Day, TestContext.Current.CancellationToken)).ReturnsAsync(new Digest(Some.Day, items, unreadable: 2));

        DigestStatistics statistics = await digests.Object.GetStatisticsAsync(Some.Day, TestContext.Current.CancellationToken);

        Assert.Equal((Some.Day, 3, 2), (statistics.Date, statistics.Items, statistics.Unreadable));
        Assert.Equal(new Dictionary<string, int> { ["A"] = 1, ["a"] = 1, [""] = 1 }, statistics.BySource);
        Assert.Equal(new Dictionary<string, int> { ["News"] = 1, [""] = 2 }, statistics.ByCategory);
        Assert.Equal((Some.Noon.AddHours(-1), Some.Noon.AddHours(2)), (statistics.FirstStoredAt, statistics.LastStoredAt));
        Assert.Equal((5, 1), (statistics.Revisions, statistics.UpdatedItems));
        Assert.InRange(statistics.Bytes, 3 * 300, 3 * 600);
        Assert.Equal(
            new Dictionary<QualityFinding, int> { [QualityFinding.Stale] = 1, [QualityFinding.FutureDated] = 1, [QualityFinding.TitleIsUrl] = 1 },
            statistics.Quality.Findings);
        Assert.Equal(1, statistics.Quality.BySource["A"].Findings[QualityFinding.Stale]);
    }

    [Fact]
    public async Task The_size_is_that_of_the_capacity_which_the_items_take()
    {
        var repository = new InMemoryDigestRepository();
        DigestItem[] items = [.. Enumerable.Range(0, 20).Select(number => Some.Link("Headline", $"https://example.org/{number}") with { Summary = new string('s', 9_600) })];

        StoreResult stored = await repository.StoreAsync(Some.Day, items, cancellationToken: TestContext.Current.CancellationToken);
        DigestStatistics statistics = await repository.GetStatisticsAsync(Some.Day, TestContext.Current.CancellationToken);

        // A write unit is 1 KB, rounded up for each item; the header takes one or two more.
        Assert.InRange(stored.Cost.WriteUnits, statistics.Bytes / 1024.0, (statistics.Bytes / 1024.0) + items.Length + 2);
    }

    [Fact]
    public async Task A_day_without_items_has_none_of_anything()
    {
        DigestStatistics statistics = await new InMemoryDigestRepository().GetStatisticsAsync(Some.Day, TestContext.Current.CancellationToken);

        Assert.Equal((Some.Day, 0, 0, 0L), (statistics.Date, statistics.Items, statistics.Unreadable, statistics.Bytes));
        Assert.Null(statistics.FirstStoredAt);
        Assert.Null(statistics.LastStoredAt);
        Assert.Empty(statistics.BySource);
        Assert.Equal(1, statistics.Quality.Completeness);
    }

    [Fact]
    public async Task An_outage_is_no_empty_day()
    {
        var digests = new Mock<IDigestRepository>();
        digests
            .Setup(repository => repository.GetAsync(Some.Day, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new DigestStoreException(DigestStoreErrorReason.Unavailable, "Try again later."));

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => digests.Object.GetStatisticsAsync(Some.Day, TestContext.Current.CancellationToken));
        Assert.Equal(DigestStoreErrorReason.Unavailable, thrown.Reason);
    }

    [Fact]
    public void A_missing_repository_is_refused_at_once() =>
        Assert.Throws<ArgumentNullException>(() => { _ = DigestRepositoryExtensions.GetStatisticsAsync(null!, Some.Day, TestContext.Current.CancellationToken); });

    [Fact]
    public void Statistics_can_be_made_by_hand() =>
        Assert.Equal((7, 1.0), (new DigestStatistics { Date = Some.Day, Items = 7 }.Items, new DigestStatistics { Date = Some.Day }.Quality.Completeness));
}
