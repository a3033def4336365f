namespace DigestStore.Quality;

// Finds what is unusual about an item. It runs for every item of a store call, so it takes time in proportion to the length of the title and
// allocates nothing.
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
            // The comparison uses ticks, because subtracting from the first date of the calendar, or adding to the last one, would throw.
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
