namespace DigestStore.Benchmarks;

/// <summary>Items that make records of about 0.8 KB, one write unit each, as a digest of news has them.</summary>
internal static class SampleItems
{
    private static readonly string Summary = string.Join(' ', Enumerable.Repeat("A summary of a few hundred characters, as feeds carry them.", 3));

    public static DigestItem[] Make(int count) => [.. Enumerable.Range(0, count).Select(One)];

    /// <summary>One after another, never more than one in memory; it gives its thread up now and then, as a reader of files or feeds does.</summary>
    public static async IAsyncEnumerable<DigestItem> StreamAsync(int count)
    {
        for (int n = 0; n < count; n++)
        {
            if (n % 1_000 == 0)
            {
                await Task.Yield();
            }

            yield return One(n);
        }
    }

    public static DigestItem One(int n) => new()
    {
        Url = $"http://www.example.com/2026/11/{n}/an-article-with-a-long-name/?utm_source=feed&page={n}",
        Title = $"Article {n}: what we learned from a month of batching",
        Summary = Summary,
        Source = "Example Weekly",
        Category = "Databases",
        Author = "A. Writer",
        PublishedAt = DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(n),
        Tags = ["dynamodb", "batching"],
    };
}
