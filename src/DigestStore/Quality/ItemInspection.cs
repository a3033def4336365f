namespace DigestStore.Quality;

// Says what is odd about an item. It runs for every item of a store: linear in the title, without allocations.
internal static class ItemInspection
{
    public static FindingSet Of(DigestItem? item, DateOnly date, DateTimeOffset now)
    {
        if (item is null)
        {
            return default;
        }

        FindingSet findings = default;
        if (item.PublishedAt is { UtcTicks: long published })
        {
            // As ticks, since the first and the last days of the calendar have nothing before and after them.
            long day = date.DayNumber * TimeSpan.TicksPerDay;
            findings = findings
                .With(QualityFinding.Stale, published < day - QualityRules.StaleAfter.Ticks)
                .With(QualityFinding.FutureDated, published > now.UtcTicks + QualityRules.FutureTolerance.Ticks);
        }

        return findings
            .With(QualityFinding.TitleIsUrl, TitleText.IsUrl(item.Title, item.Url))
            .With(QualityFinding.TitleShouting, TitleText.IsShouted(item.Title))
            .With(QualityFinding.TitleHasMarkup, TitleMarkup.IsIn(item.Title));
    }
}
