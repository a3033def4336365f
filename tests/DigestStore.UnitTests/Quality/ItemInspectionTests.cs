using DigestStore.Quality;

namespace DigestStore.UnitTests.Quality;

public sealed class ItemInspectionTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_item_is_stale_when_it_was_published_over_30_days_before_the_day_began()
    {
        Assert.Empty(Of(Published(Midnight - QualityRules.StaleAfter)));
        Assert.Equal([QualityFinding.Stale], Of(Published((Midnight - QualityRules.StaleAfter).AddTicks(-1))));
        Assert.Equal([QualityFinding.Stale], Of(Published((Midnight - QualityRules.StaleAfter).AddTicks(-1).ToOffset(TimeSpan.FromHours(14)))));
    }

    [Fact]
    public void An_item_is_future_dated_when_it_is_over_a_day_ahead_of_the_clock()
    {
        Assert.Empty(Of(Published(FixedClock.Start + QualityRules.FutureTolerance)));
        Assert.Equal([QualityFinding.FutureDated], Of(Published((FixedClock.Start + QualityRules.FutureTolerance).AddTicks(1))));
    }

    [Fact]
    public void The_ends_of_the_calendar_are_dates_like_others()
    {
        DateTimeOffset[] instants = [DateTimeOffset.MinValue, DateTimeOffset.MaxValue];
        foreach (DateOnly date in (DateOnly[])[DateOnly.MinValue, DateOnly.MaxValue])
        {
            foreach (DateTimeOffset now in instants)
            {
                Assert.All(instants, published => Assert.InRange(Of(Published(published), date, now).Length, 0, 2));
            }
        }

        Assert.Empty(Of(Published(DateTimeOffset.MinValue), DateOnly.MinValue, DateTimeOffset.MinValue));
        Assert.Equal([QualityFinding.Stale], Of(Published(DateTimeOffset.MinValue), DateOnly.MaxValue, DateTimeOffset.MaxValue));
        Assert.Equal([QualityFinding.FutureDated], Of(Published(DateTimeOffset.MaxValue), DateOnly.MinValue, DateTimeOffset.MinValue));
    }

    [Fact]
    public void An_item_can_have_several_findings() => Assert.Equal(
        [QualityFinding.Stale, QualityFinding.TitleShouting, QualityFinding.TitleHasMarkup],
        Of(Published(DateTimeOffset.UnixEpoch) with { Title = "<B>BREAKING NEWS</B>" }));

    [Fact]
    public void Nothing_is_found_on_an_ordinary_or_a_missing_item()
    {
        Assert.Empty(Of(Some.Item()));
        Assert.Empty(Of(null));
        Assert.Empty(Of(new DigestItem { Url = null!, Title = null! }));
    }

    [Fact]
    public void An_inspection_allocates_nothing()
    {
        DigestItem item = Published(FixedClock.Start) with { Title = "https://example.com/ <b &amp  &unknown; &#xyz; VEC<T> <code", Source = "Feed" };
        var counter = new QualityCounter();
        Count(1_000);

        // The least of several rounds: the runtime's own work may fall into one.
        long[] rounds = new long[10];
        for (int round = 0; round < rounds.Length; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Count(1_000);
            rounds[round] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, rounds.Min());

        void Count(int times)
        {
            for (int time = 0; time < times; time++)
            {
                counter.Add(item, ItemInspection.Of(item, Some.Date, FixedClock.Start));
            }
        }
    }

    private static DigestItem Published(DateTimeOffset published) => Some.Item() with { PublishedAt = published };

    private static QualityFinding[] Of(DigestItem? item) => Of(item, Some.Date, FixedClock.Start);

    private static QualityFinding[] Of(DigestItem? item, DateOnly date, DateTimeOffset now)
    {
        FindingSet findings = ItemInspection.Of(item, date, now);
        return [.. Enum.GetValues<QualityFinding>().Where(findings.Has)];
    }
}
