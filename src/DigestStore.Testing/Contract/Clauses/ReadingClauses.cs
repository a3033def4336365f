namespace DigestStore.Testing;

internal static class ReadingClauses
{
    private static readonly string?[] UnusableUrls = [null, "", " ", "/relative", "not a url", "mailto:a@example.org", "file:///etc/passwd", "https://user@example.org/", "https://", "https://example.org/\uD83D"];

    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A date without items is an empty digest", "No date is an error.", MissingDate),
        Clause("ReadAsync returns the items of GetAsync in the order of their ids", "Both ways of reading tell the same.", SameItems),
        Clause("ReadAsync can be left early and gone through again", "It holds nothing open and starts afresh.", StoppedEarly),
        Clause("Find returns the item for any spelling of its URL", "A caller need not know the canonical form.", FindByUrl),
        Clause("Find returns the item for its id", "An id from an earlier read or of DigestItemId.TryCreate will do.", FindById),
        Clause("Find returns nothing for what is not there", "Neither another date nor another URL is mistaken for it.", FindMissing),
        Clause("Find and delete refuse what is no URL of an item", "A typing error is not 'not found'.", UnusableUrl),
        Clause("The statistics of a day follow from its items", "An operator sees what a day consists of, when it came and how good it is.", Statistics),
        Clause("Dates are apart from each other, the first and the last of the calendar included", "A date is a partition of its own.", Dates),
        Clause("Digests are apart from each other by name", "A table holds several digests, also where one name begins like another.", Digests),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Reading, name, promise, verify);

    private static async Task MissingDate(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        Digest digest = run.NotNull(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        run.Equal(ContractRun.Day, digest.Date, "Date");
        run.Equal(0, digest.Count, "the number of items");
        run.Equal(0, digest.Unreadable, "Unreadable");
        run.Equal(0, (await run.ReadAsync(repository).ConfigureAwait(false)).Count, "the number of items of ReadAsync");
    }

    private static async Task SameItems(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, [Samples.Full, .. Samples.Items(130)]).ConfigureAwait(false);
        await run.StoreAsync(repository, Samples.Item(5, "changed")).ConfigureAwait(false);

        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.Equal(0, digest.Unreadable, "Unreadable");
        run.SameList(digest.OrderBy(item => item.Id), await run.ReadAsync(repository).ConfigureAwait(false), "ReadAsync");
    }

    private static async Task StoppedEarly(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(10)).ConfigureAwait(false);
        IAsyncEnumerable<StoredDigestItem> items = repository.ReadAsync(ContractRun.Day, run.CancellationToken);
        List<StoredDigestItem> seen = [];
        for (int round = 0; round < 2; round++)
        {
            await foreach (StoredDigestItem item in items.ConfigureAwait(false))
            {
                seen.Add(item);
                break;
            }
        }

        run.Equal(2, seen.Count, "how many items were seen");
        run.Equal(seen[0], seen[1], "the first item of the second round");
    }

    private static async Task FindByUrl(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem item = Samples.Page("https://www.example.org/News/a-b/?b=2&a=1#x");
        await run.StoreAsync(repository, [item, .. Samples.Items(3)]).ConfigureAwait(false);
        foreach (string spelling in new[] { item.Url, "http://EXAMPLE.org/News/a-b?a=1&b=2", "https://example.org:443//News/./c/../a-b?utm_campaign=z&a=1&b=2" })
        {
            StoredDigestItem? found = await run.FindAsync(repository, spelling).ConfigureAwait(false);
            run.Equal(item, run.NotNull(found, "FindAsync by " + spelling).Item, "the item found");
        }
    }

    private static async Task FindById(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, [Samples.Full, .. Samples.Items(3)]).ConfigureAwait(false);
        foreach (StoredDigestItem stored in await run.GetAsync(repository).ConfigureAwait(false))
        {
            run.Equal(stored, await repository.FindAsync(ContractRun.Day, stored.Id, run.CancellationToken).ConfigureAwait(false), "FindAsync by id");
        }

        DigestItemId id = DigestItemId.Create(Samples.Full.Url);
        StoredDigestItem? full = await repository.FindAsync(ContractRun.Day, id, run.CancellationToken).ConfigureAwait(false);
        run.Equal(Samples.Full, run.NotNull(full, "FindAsync by the id of DigestItemId.TryCreate").Item, "the item found");
    }

    private static async Task FindMissing(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        run.Equal(null, await run.FindAsync(repository, Samples.Url(0)).ConfigureAwait(false), "FindAsync in a date without items");
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        DigestItemId id = DigestItemId.Create(Samples.Url(0));
        run.Equal(null, await run.FindAsync(repository, Samples.Url(3)).ConfigureAwait(false), "FindAsync of another URL");
        run.Equal(null, await repository.FindAsync(ContractRun.Day.AddDays(1), Samples.Url(0), run.CancellationToken).ConfigureAwait(false), "FindAsync in another date, by URL");
        run.Equal(null, await repository.FindAsync(ContractRun.Day.AddDays(1), id, run.CancellationToken).ConfigureAwait(false), "FindAsync in another date, by id");
        run.Equal(null, await repository.FindAsync(ContractRun.Day, default(DigestItemId), run.CancellationToken).ConfigureAwait(false), "FindAsync of the default id");
    }

    private static async Task UnusableUrl(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        foreach (string? url in UnusableUrls)
        {
            string what = url is null ? "null" : "'" + url.Replace("\uD83D", "(half a pair)", StringComparison.Ordinal) + "'";
            await run.ThrowsAsync<ArgumentException>(() => run.FindAsync(repository, url!), "FindAsync of " + what).ConfigureAwait(false);
            await run.ThrowsAsync<ArgumentException>(() => repository.DeleteAsync(ContractRun.Day, url!, run.CancellationToken), "DeleteAsync of " + what).ConfigureAwait(false);
        }
    }

    private static async Task Statistics(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DateTimeOffset first = run.Clock.GetUtcNow();
        await run.StoreAsync(repository, [Samples.Full, .. Samples.Items(3), Samples.Page("https://example.org/bare", "BREAKING NEWS!")]).ConfigureAwait(false);
        DigestStatistics before = await repository.GetStatisticsAsync(ContractRun.Day, run.CancellationToken).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromHours(1));
        await run.StoreAsync(repository, [Samples.Full, Samples.Item(1, "changed to a longer title"), Samples.Item(0)]).ConfigureAwait(false);

        DigestStatistics statistics = await repository.GetStatisticsAsync(ContractRun.Day, run.CancellationToken).ConfigureAwait(false);
        run.Equal((ContractRun.Day, 5, 0), (statistics.Date, statistics.Items, statistics.Unreadable), "Date, Items and Unreadable");
        run.SameList([("", 1), ("Example", 3), ("The Example Times", 1)], Sorted(statistics.BySource), "BySource");
        run.SameList([("", 4), ("Engineering", 1)], Sorted(statistics.ByCategory), "ByCategory");
        run.Equal((first, first.AddHours(1)), (statistics.FirstStoredAt!.Value, statistics.LastStoredAt!.Value), "FirstStoredAt and LastStoredAt");
        run.Equal((6L, 1), (statistics.Revisions, statistics.UpdatedItems), "Revisions and UpdatedItems");
        run.Equal("changed to a longer title".Length - Samples.Title(1).Length, statistics.Bytes - before.Bytes, "how many bytes the longer title added");
        run.Equal((5, 4, 1), (statistics.Quality.Items, statistics.Quality.WithSummary, statistics.Quality.Findings[QualityFinding.TitleShouting]), "Quality");

        DigestStatistics none = await repository.GetStatisticsAsync(ContractRun.Day.AddDays(1), run.CancellationToken).ConfigureAwait(false);
        run.Equal((0, null, 0L, 0), (none.Items, none.FirstStoredAt, none.Bytes, none.Quality.Items), "the statistics of a day without items");
    }

    private static IEnumerable<(string, int)> Sorted(IReadOnlyDictionary<string, int> counts) =>
        counts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value));

    private static async Task Dates(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DateOnly[] dates = [DateOnly.MinValue, new(1, 1, 2), new(999, 12, 31), new(1970, 1, 1), new(2024, 2, 29), ContractRun.Day, ContractRun.Day.AddDays(1), DateOnly.MaxValue];
        for (int number = 0; number < dates.Length; number++)
        {
            StoreResult result = await run.StoreAsync(repository, dates[number], Samples.Item(0, Samples.Title(number)), Samples.Item(number + 1)).ConfigureAwait(false);
            run.AllOutcomes(result, DigestItemOutcome.Inserted);
        }

        for (int number = 0; number < dates.Length; number++)
        {
            Digest digest = await run.GetAsync(repository, dates[number]).ConfigureAwait(false);
            run.Titles([Samples.Title(number), Samples.Title(number + 1)], digest, "GetAsync");
            run.Equal(dates[number], digest.Date, "Date of the digest");
            run.SameList([dates[number], dates[number]], digest.Select(item => item.Date), "Date of the items");
        }
    }

    private static async Task Digests(ContractRun run)
    {
        string[] suffixes = ["", "-a", "-ab", "-a-b", "-a-2100-03-04"];
        foreach (string suffix in suffixes)
        {
            IDigestRepository repository = run.Repository(options => options.DigestName += suffix);
            run.Outcomes(await run.StoreAsync(repository, Samples.Item(0, "of" + suffix)).ConfigureAwait(false), DigestItemOutcome.Inserted);
        }

        foreach (string suffix in suffixes)
        {
            IDigestRepository repository = run.Repository(options => options.DigestName += suffix);
            run.Titles(["of" + suffix], await run.GetAsync(repository).ConfigureAwait(false), "GetAsync of the digest '…" + suffix + "'");
        }

        await run.Repository().DeleteAsync(ContractRun.Day, Samples.Url(0), run.CancellationToken).ConfigureAwait(false);
        Digest other = await run.GetAsync(run.Repository(options => options.DigestName += "-a")).ConfigureAwait(false);
        run.Equal(1, other.Count, "the number of items of another digest after a delete");
    }
}
