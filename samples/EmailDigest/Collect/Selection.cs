namespace EmailDigest.Collect;

/// <summary>How far back links are taken: a number of days, or from a day on; neither: all.</summary>
internal readonly record struct Since(int? Days, DateOnly? Day)
{
    public static bool TryParse(string text, out Since since)
    {
        since = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int days) ? new Since(days, null)
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? new Since(null, day)
            : default;
        return since != default || text == "all";
    }

    public DateOnly? FirstDay(DateOnly date) => Days is { } days ? DateOnly.FromDayNumber(Math.Max(0, date.DayNumber - days)) : Day;
}

/// <summary>Which of the links are the day's: those not too old, and of them the newest that are not too many.</summary>
internal static class Selection
{
    public static IReadOnlyList<DigestItem> Of(IReadOnlyList<DigestItem> collected, JobOptions options, Report report)
    {
        var since = new DateTimeOffset((options.Since ?? DateOnly.MinValue).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        // A link without a date may be of today.
        DigestItem[] recent = [.. collected.Where(item => item.PublishedAt is not { } date || date >= since)];
        DigestItem[] chosen = [.. recent.Index().OrderByDescending(item => item.Item.PublishedAt ?? DateTimeOffset.MinValue).Take(options.Max).OrderBy(item => item.Index).Select(item => item.Item)];
        report.LineIf(recent.Length < collected.Count, $"Left out: {Report.Count(collected.Count - recent.Length, "link", "links")} published before {options.Since:yyyy-MM-dd}; --since takes older ones.");
        report.LineIf(chosen.Length < recent.Length, $"Left out: {Report.Count(recent.Length - chosen.Length, "link", "links")} beyond --max {options.Max}, the oldest.");
        return chosen;
    }
}
