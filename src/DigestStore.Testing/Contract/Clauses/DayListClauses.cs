namespace DigestStore.Testing;

internal static class DayListClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("The days of a range are listed newest first, with what became of them", "An operator sees which day was sent, and when.", Listed),
        Clause("The days of one status are listed newest first", "What was not sent is found without reading every day.", ListedByStatus),
        Clause("The days of a range are read in the order of their dates, without those that have nothing", "A report over months reads each item once.", DaysRead),
        Clause("A page is found on every day that has it, newest first, also under changed identity rules", "On which days was this link?", PageFound),
        Clause("The statistics of a range are those of its days together", "Nothing is counted twice, nothing is left out.", Statistics),
        Clause("Expired days are neither listed nor read", "What has expired is gone for every reader.", Expired),
        Clause("A range that ends before it begins is refused, and so is one of more than ten years", "A mistake is an error that names both dates, not an empty answer.", WrongRanges),
    ];

    public static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> elements)
    {
        List<T> list = [];
        await foreach (T element in elements.ConfigureAwait(false))
        {
            list.Add(element);
        }

        return list;
    }

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.History, name, promise, verify);

    private static DateOnly Day(int offset) => ContractRun.Day.AddDays(offset);

    private static async Task Listed(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DateTimeOffset stored = run.Clock.GetUtcNow();
        await run.StoreAsync(repository, Day(-200), Samples.Items(3)).ConfigureAwait(false);
        await run.StoreAsync(repository, Day(-200), [.. Samples.Items(3), Samples.Page("/relative")]).ConfigureAwait(false);
        await run.StoreAsync(repository, Day(-2), Samples.Items(2)).ConfigureAwait(false);
        await HistoryClauses.DeliverAsync(run, repository, Day(-2), Samples.Items(2)).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromHours(1));
        await run.StoreAsync(repository, Day(-2), Samples.Items(5)).ConfigureAwait(false);
        await run.DeliveryOf(repository).AcquireAsync(Day(-1), new DeliveryOptions { Owner = "host" }, run.CancellationToken).ConfigureAwait(false);
        await run.StoreAsync(repository, Day(1), Samples.Items(1)).ConfigureAwait(false);

        List<DigestDay> days = await ToListAsync(run.HistoryOf(repository).ListDaysAsync(Day(-364), Day(0), run.CancellationToken)).ConfigureAwait(false);
        run.SameList([Day(-1), Day(-2), Day(-200)], days.Select(static day => day.Date), "the dates");
        run.SameList([DeliveryStatus.Sending, DeliveryStatus.Delivered, DeliveryStatus.Pending], days.Select(static day => day.Status!.Value), "the statuses");
        run.Equal(("host", 1, null), (days[0].HeldBy, days[0].DeliveryAttempts, days[0].StoredAt), "the holder, the attempts and StoredAt of the day that is being sent");
        run.Equal((stored, 2), (days[1].DeliveredAt, days[1].SentCount), "DeliveredAt and SentCount of the day that was sent");
        run.Equal((5, 3), (days[1].ItemsInserted, days[1].ItemsAfterDelivery), "ItemsInserted and ItemsAfterDelivery of the day that was sent");
        run.Equal((stored, 2, 3), (days[2].StoredAt, days[2].Runs, days[2].ItemsInserted), "StoredAt, Runs and ItemsInserted of the day that was stored twice");
        run.Equal((StoreStatus.Stored, null), (days[2].LastStoreStatus, days[2].ExpiresAt), "LastStoreStatus and ExpiresAt");
        run.SameList([Day(1)], (await ToListAsync(run.HistoryOf(repository).ListDaysAsync(Day(1), Day(1), run.CancellationToken)).ConfigureAwait(false)).Select(static day => day.Date), "a range of one day");
    }

    private static async Task ListedByStatus(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        foreach (int offset in new[] { -3, -1, -2, 5 })
        {
            await run.StoreAsync(repository, Day(offset), Samples.Item(0)).ConfigureAwait(false);
        }

        await HistoryClauses.DeliverAsync(run, repository, Day(-2), Samples.Item(0)).ConfigureAwait(false);
        await AssertAsync(DeliveryStatus.Pending, Day(5), Day(-1), Day(-3)).ConfigureAwait(false);
        await AssertAsync(DeliveryStatus.Delivered, Day(-2)).ConfigureAwait(false);
        await AssertAsync(DeliveryStatus.Abandoned).ConfigureAwait(false);
        await run.ThrowsAsync<ArgumentOutOfRangeException>(() => ToListAsync(run.HistoryOf(repository).ListDaysAsync((DeliveryStatus)99, run.CancellationToken)), "ListDaysAsync of no status").ConfigureAwait(false);

        async Task AssertAsync(DeliveryStatus status, params DateOnly[] dates)
        {
            List<DigestDay> days = await ToListAsync(run.HistoryOf(repository).ListDaysAsync(status, run.CancellationToken)).ConfigureAwait(false);
            run.SameList(dates, days.Select(static day => day.Date), "the days that are " + status.ToString());
            run.Equal(true, days.TrueForAll(day => day.Status == status), "whether all of them are " + status.ToString());
        }
    }

    private static async Task DaysRead(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        foreach (int offset in new[] { -9, -1, -4, 0, -20, 1 })
        {
            await run.StoreAsync(repository, Day(offset), Samples.Items(2, from: 100 + offset)).ConfigureAwait(false);
        }

        List<Digest> days = await ToListAsync(run.HistoryOf(repository).ReadDaysAsync(Day(-10), Day(0), run.CancellationToken)).ConfigureAwait(false);
        run.SameList([Day(-9), Day(-4), Day(-1), Day(0)], days.Select(static day => day.Date), "the dates");
        foreach (Digest day in days)
        {
            run.SameList(await run.GetAsync(repository, day.Date).ConfigureAwait(false), day, "the items of one day");
        }
    }

    private static async Task PageFound(ContractRun run)
    {
        IDigestRepository strict = run.Repository(static options => options.Identity = new UrlIdentityOptions { DropTrailingSlash = false });
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Day(-120), Samples.Page("https://example.org/page", "first")).ConfigureAwait(false);
        await run.StoreAsync(strict, Day(-60), Samples.Page("https://example.org/page/", "second"), Samples.Page("https://example.org/other/")).ConfigureAwait(false);
        await run.StoreAsync(repository, Day(-2), Samples.Items(3)).ConfigureAwait(false);
        await run.StoreAsync(repository, Day(-1), Samples.Page("http://www.example.org/page/", "third")).ConfigureAwait(false);
        await run.StoreAsync(repository, Day(1), Samples.Page("https://example.org/page")).ConfigureAwait(false);

        IDigestHistory history = run.HistoryOf(repository);
        List<StoredDigestItem> found = await ToListAsync(history.FindAllAsync("https://EXAMPLE.org/page/#top", Day(-364), Day(0), run.CancellationToken)).ConfigureAwait(false);
        run.SameList(["third", "second", "first"], found.Select(static item => item.Item.Title), "the titles");
        run.SameList([Day(-1), Day(-60), Day(-120)], found.Select(static item => item.Date), "the dates");
        run.Equal(await run.FindAsync(repository, "https://example.org/page").ConfigureAwait(false), null, "FindAsync today");
        run.Equal(await repository.FindAsync(Day(-60), "https://example.org/page", run.CancellationToken).ConfigureAwait(false), found[1], "what FindAsync finds under changed rules");
        run.Equal(0, (await ToListAsync(history.FindAllAsync("https://example.org/nowhere", Day(-364), Day(0), run.CancellationToken)).ConfigureAwait(false)).Count, "the number of days of another page");
        await run.ThrowsAsync<ArgumentException>(() => ToListAsync(history.FindAllAsync("/relative", Day(-1), Day(0), run.CancellationToken)), "FindAllAsync of no URL").ConfigureAwait(false);
    }

    private static async Task Statistics(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Day(-9), Samples.Items(3)).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromHours(1));
        await run.StoreAsync(repository, Day(-9), Samples.Item(0, "changed")).ConfigureAwait(false);
        await run.StoreAsync(repository, Day(-3), [.. Samples.Items(2), Samples.Page("https://example.org/x")]).ConfigureAwait(false);
        await run.StoreAsync(repository, Day(1), Samples.Items(4)).ConfigureAwait(false);

        PeriodStatistics all = await run.HistoryOf(repository).GetStatisticsAsync(Day(-30), Day(0), run.CancellationToken).ConfigureAwait(false);
        DigestStatistics[] days =
        [
            await repository.GetStatisticsAsync(Day(-9), run.CancellationToken).ConfigureAwait(false),
            await repository.GetStatisticsAsync(Day(-3), run.CancellationToken).ConfigureAwait(false),
        ];
        run.Equal((Day(-30), Day(0)), (all.From, all.To), "the range");
        run.Equal((2, 0, 6, 0), (all.Days, all.DaysWithoutHeader, all.Items, all.Unreadable), "Days, DaysWithoutHeader, Items and Unreadable");
        run.Equal((days.Sum(static day => day.Bytes), days.Sum(static day => day.Revisions), days.Sum(static day => day.UpdatedItems)), (all.Bytes, all.Revisions, all.UpdatedItems), "Bytes, Revisions and UpdatedItems");
        run.Equal((days.Min(static day => day.FirstStoredAt), days.Max(static day => day.LastStoredAt)), (all.FirstStoredAt, all.LastStoredAt), "FirstStoredAt and LastStoredAt");
        run.Equal((5, 1), (all.BySource["Example"], all.BySource[""]), "the items of each source");
        run.Equal(days.Sum(static day => day.Quality.WithSummary), all.Quality.WithSummary, "Quality.WithSummary");
        run.Equal(0, (await run.HistoryOf(repository).GetStatisticsAsync(Day(50), Day(60), run.CancellationToken).ConfigureAwait(false)).Items, "the items of a range that has none");
    }

    private static async Task Expired(ContractRun run)
    {
        IDigestRepository repository = run.Repository(static options => options.Retention = TimeSpan.FromDays(7));
        await run.StoreAsync(repository, Day(-1), Samples.Items(2)).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromDays(5));
        await run.StoreAsync(repository, Day(0), Samples.Items(2)).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromDays(3));

        IDigestHistory history = run.HistoryOf(repository);
        run.SameList([Day(0)], (await ToListAsync(history.ListDaysAsync(Day(-5), Day(5), run.CancellationToken)).ConfigureAwait(false)).Select(static day => day.Date), "ListDaysAsync");
        run.SameList([Day(0)], (await ToListAsync(history.ListDaysAsync(DeliveryStatus.Pending, run.CancellationToken)).ConfigureAwait(false)).Select(static day => day.Date), "ListDaysAsync by status");
        run.SameList([Day(0)], (await ToListAsync(history.ReadDaysAsync(Day(-5), Day(5), run.CancellationToken)).ConfigureAwait(false)).Select(static day => day.Date), "ReadDaysAsync");
        run.SameList([Day(0)], (await ToListAsync(history.FindAllAsync(Samples.Url(0), Day(-5), Day(5), run.CancellationToken)).ConfigureAwait(false)).Select(static item => item.Date), "FindAllAsync");
        run.Equal((1, 2), await CountAsync(run, history).ConfigureAwait(false), "the days and items of GetStatisticsAsync");
    }

    private static async Task<(int Days, int Items)> CountAsync(ContractRun run, IDigestHistory history)
    {
        PeriodStatistics statistics = await history.GetStatisticsAsync(Day(-5), Day(5), run.CancellationToken).ConfigureAwait(false);
        return (statistics.Days, statistics.Items);
    }

    private static async Task WrongRanges(ContractRun run)
    {
        IDigestHistory history = run.HistoryOf(run.Repository());
        (DateOnly From, DateOnly To, string Named)[] wrong = [(Day(0), Day(-1), "2100-03-03"), (Day(0), Day(3660), "2110-03-12")];
        foreach ((DateOnly from, DateOnly to, string named) in wrong)
        {
            await RefusesAsync(() => ToListAsync(history.ListDaysAsync(from, to, run.CancellationToken)), "ListDaysAsync", named).ConfigureAwait(false);
            await RefusesAsync(() => ToListAsync(history.ReadDaysAsync(from, to, run.CancellationToken)), "ReadDaysAsync", named).ConfigureAwait(false);
            await RefusesAsync(() => ToListAsync(history.FindAllAsync(Samples.Url(0), from, to, run.CancellationToken)), "FindAllAsync", named).ConfigureAwait(false);
            await RefusesAsync(() => history.GetStatisticsAsync(from, to, run.CancellationToken), "GetStatisticsAsync", named).ConfigureAwait(false);
        }

        run.Equal(0, (await ToListAsync(history.ListDaysAsync(DateOnly.MaxValue, DateOnly.MaxValue, run.CancellationToken)).ConfigureAwait(false)).Count, "the number of days at the end of the calendar");
        run.Equal(0, (await ToListAsync(history.ReadDaysAsync(DateOnly.MinValue, DateOnly.MinValue, run.CancellationToken)).ConfigureAwait(false)).Count, "the number of days at its beginning");

        async Task RefusesAsync(Func<Task> act, string what, string named)
        {
            ArgumentException thrown = await run.ThrowsAsync<ArgumentException>(act, what).ConfigureAwait(false);
            run.True(thrown.Message.Contains("2100-03-04", StringComparison.Ordinal) && thrown.Message.Contains(named, StringComparison.Ordinal), what + ", the message", "both dates", thrown.Message);
        }
    }
}
