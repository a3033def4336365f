namespace DigestStore.InfrastructureTests.Running;

/// <summary>What the feeds of a day bring, the same for the same day: mostly good items, and some of every kind that a quality rule is for.</summary>
internal static class DayOfFeeds
{
    private static readonly string[] Sources = ["Engineering notes", "Tool shed", "Weekly reading", "Release radar"];

    /// <param name="date">The day of the digest.</param>
    /// <param name="count">How many items.</param>
    /// <param name="edited">How many of the first ones have another title than before.</param>
    public static DigestItem[] Items(DateOnly date, int count, int edited = 0)
    {
        var random = new Random(date.DayNumber);
        return [.. Enumerable.Range(0, count).Select(index => Item(date, index, index < edited, random))];
    }

    private static DigestItem Item(DateOnly date, int index, bool isEdited, Random random)
    {
        string source = Sources[random.Next(Sources.Length)];
        var item = new DigestItem
        {
            Url = $"https://example.com/{date:yyyy/MM/dd}/article-{index}",
            Title = $"Article {index} of {source}{(isEdited ? ", corrected" : "")}",
            Summary = random.Next(100) < 90 ? new string('s', random.Next(80, 900)) : null,
            Author = random.Next(100) < 70 ? "An author" : null,
            Source = source,
            PublishedAt = random.Next(100) < 95 ? new DateTimeOffset(date, new TimeOnly(4, 0), TimeSpan.Zero).AddMinutes(-random.Next(1, 1200)) : null,
        };
        return random.Next(100) switch
        {
            0 => item with { Title = " " },
            1 => item with { Url = $"ftp://example.com/{index}" },
            2 => item with { Title = item.Title.ToUpperInvariant() },
            3 => item with { PublishedAt = item.PublishedAt?.AddDays(-90) },
            4 => item with { Url = $"http://www.example.com/{date:yyyy/MM/dd}/article-{Math.Max(0, index - 1)}/?utm_source=feed" },
            _ => item,
        };
    }
}
