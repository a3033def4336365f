namespace DigestStore.Testing;

internal static class HistoryClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("What was sent in the days before is found in any spelling, with the last day", "No link need be sent twice.", Found),
        Clause("The day itself, days before the range and items that were only stored do not count as sent", "A second run of today hides nothing.", OutsideRange),
        Clause("What may have been sent counts as sent until it is known that it was not", "An attempt that ended without a word is remembered, and its day is named; a failure that is known is not.", MayHaveBeenSent),
        Clause("Under changed identity rules what was sent is still found", "A changed switch sends nothing twice; what cannot be compared any more is named.", ChangedRules),
        Clause("Items that were not sent stay in their order, copies and invalid ones included", "The store reports what is wrong with an item, nobody else.", Divided),
        Clause("While the store is switched off all items are fresh and nothing was checked", "The email goes out whatever the database does; a reader is told.", SwitchedOff),
        Clause("Days beyond the memory of the store are refused", "An answer never pretends to know more than it does.", TooManyDays),
        Clause("A canceled history call ends", "The caller's token is heeded.", Canceled),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.History, name, promise, verify);

    // Delivers the items of a day as an application does.
    public static async Task DeliverAsync(ContractRun run, IDigestRepository repository, DateOnly date, params DigestItem[] items)
    {
        DeliveryResult result = await run.DeliveryOf(repository).DeliverAsync(
            date, items, (_, _) => Task.FromResult(new DeliveryReceipt { SentCount = items.Length }), cancellationToken: run.CancellationToken).ConfigureAwait(false);
        run.Equal(DeliveryOutcome.Delivered, result.Outcome, "the delivery of " + date.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Task<SentLookup> FindAsync(ContractRun run, IDigestRepository repository, int days, params string[] urls) =>
        run.HistoryOf(repository).FindSentAsync(ContractRun.Day, urls, days, run.CancellationToken);

    private static async Task Found(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await DeliverAsync(run, repository, ContractRun.Day.AddDays(-3), Samples.Items(3)).ConfigureAwait(false);
        await DeliverAsync(run, repository, ContractRun.Day.AddDays(-1), Samples.Item(2)).ConfigureAwait(false);
        string spelling = "http://www.example.org/articles/1/?utm_source=mail#top";
        SentLookup lookup = await FindAsync(run, repository, 30, Samples.Url(0), spelling, Samples.Url(2), Samples.Url(3), "/relative", "mailto:a@example.org").ConfigureAwait(false);
        run.Equal(new SentUrl(ContractRun.Day.AddDays(-3), true), lookup.Sent.GetValueOrDefault(Samples.Url(0)), "the first URL");
        run.Equal(new SentUrl(ContractRun.Day.AddDays(-3), true), lookup.Sent.GetValueOrDefault(spelling), "another spelling of the second URL");
        run.Equal(new SentUrl(ContractRun.Day.AddDays(-1), true), lookup.Sent.GetValueOrDefault(Samples.Url(2)), "a URL that was sent twice");
        run.Equal(3, lookup.Sent.Count, "the number of URLs that were sent");
        run.SameList(["/relative", "mailto:a@example.org"], lookup.InvalidUrls, "InvalidUrls");
        run.Equal(0, lookup.UnsettledDates.Count + lookup.UncheckedDates.Count, "the number of UnsettledDates and UncheckedDates");
        run.Equal((ContractRun.Day.AddDays(-30), ContractRun.Day.AddDays(-1)), (lookup.From, lookup.To), "the range");
        run.Equal(0, (await FindAsync(run, repository, 30).ConfigureAwait(false)).Sent.Count, "the number of URLs for no URLs");
    }

    private static async Task OutsideRange(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await DeliverAsync(run, repository, ContractRun.Day, Samples.Item(0)).ConfigureAwait(false);
        await DeliverAsync(run, repository, ContractRun.Day.AddDays(-7), Samples.Item(1)).ConfigureAwait(false);
        await DeliverAsync(run, repository, ContractRun.Day.AddDays(-8), Samples.Item(2)).ConfigureAwait(false);
        await DeliverAsync(run, repository, ContractRun.Day.AddDays(1), Samples.Item(3)).ConfigureAwait(false);
        await run.StoreAsync(repository, ContractRun.Day.AddDays(-1), Samples.Item(4)).ConfigureAwait(false);
        SentLookup lookup = await FindAsync(run, repository, 7, [.. Enumerable.Range(0, 5).Select(Samples.Url)]).ConfigureAwait(false);
        run.SameList([Samples.Url(1)], lookup.Sent.Keys, "the URLs that were sent");

        SentLookup first = await run.HistoryOf(repository).FindSentAsync(DateOnly.MinValue, [Samples.Url(0)], 7, run.CancellationToken).ConfigureAwait(false);
        run.Equal(0, first.Sent.Count, "the number of URLs before the first day of the calendar");
    }

    private static async Task MayHaveBeenSent(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        IDigestDelivery delivery = run.DeliveryOf(repository);
        DateOnly day = ContractRun.Day.AddDays(-1);
        DeliveryLease first = await delivery.AcquireAsync(day, cancellationToken: run.CancellationToken).ConfigureAwait(false);
        await delivery.AnnounceAsync(first, Samples.Items(1), run.CancellationToken).ConfigureAwait(false);
        await AssertAsync("an announcement", [Samples.Url(0)], isSettled: false).ConfigureAwait(false);

        run.Clock.Advance(TimeSpan.FromHours(1));
        DeliveryLease second = await delivery.AcquireAsync(day, cancellationToken: run.CancellationToken).ConfigureAwait(false);
        await delivery.AnnounceAsync(second, Samples.Items(1, from: 1), run.CancellationToken).ConfigureAwait(false);
        await AssertAsync("two announcements", [Samples.Url(0), Samples.Url(1)], isSettled: false).ConfigureAwait(false);
        await delivery.FailAsync(second, new DeliveryFailure(DeliveryFailureKind.Retry, "refused"), run.CancellationToken).ConfigureAwait(false);
        await AssertAsync("a failure that is known", [Samples.Url(0)], isSettled: false).ConfigureAwait(false);

        await DeliverAsync(run, repository, day, Samples.Item(1)).ConfigureAwait(false);
        SentLookup end = await AssertAsync("a delivery", [Samples.Url(0), Samples.Url(1)], isSettled: true).ConfigureAwait(false);
        run.Equal((false, true), (end.Sent[Samples.Url(0)].IsCertain, end.Sent[Samples.Url(1)].IsCertain), "what is certain");

        async Task<SentLookup> AssertAsync(string after, string[] urls, bool isSettled)
        {
            SentLookup lookup = await FindAsync(run, repository, 30, Samples.Url(0), Samples.Url(1), Samples.Url(2)).ConfigureAwait(false);
            run.SameList(urls, lookup.Sent.Keys.Order(StringComparer.Ordinal), "the URLs that were sent, after " + after);
            run.SameList(isSettled ? [] : [day], lookup.UnsettledDates, "UnsettledDates after " + after);
            return lookup;
        }
    }

    private static async Task ChangedRules(ContractRun run)
    {
        DateOnly day = ContractRun.Day.AddDays(-1);
        IDigestRepository before = run.Repository(options => options.Identity = new UrlIdentityOptions { DropFragment = false, DropTrailingSlash = false });
        DigestItem[] items = [Samples.Page("https://example.org/a/#top"), Samples.Page("https://example.org/b/"), Samples.Page("https://example.org/c")];
        await run.StoreAsync(before, day, [.. items, Samples.Page("https://example.org/late/")]).ConfigureAwait(false);
        await DeliverAsync(run, before, day, items).ConfigureAwait(false);

        IDigestRepository after = run.Repository();
        string[] urls = ["https://example.org/a", "https://example.org/b", "https://example.org/c", "https://example.org/late", "https://example.org/other"];
        SentLookup lookup = await FindAsync(run, after, 30, urls).ConfigureAwait(false);
        run.SameList(urls[..3], lookup.Sent.Keys.Order(StringComparer.Ordinal), "the URLs that were sent");
        run.Equal(true, lookup.Sent.Values.All(static sent => sent.IsCertain), "whether all are certain");
        run.Equal(0, lookup.UncheckedDates.Count, "the number of UncheckedDates");

        await after.DeleteAsync(day, items[0].Url, run.CancellationToken).ConfigureAwait(false);
        lookup = await FindAsync(run, after, 30, urls).ConfigureAwait(false);
        run.SameList(urls[1..3], lookup.Sent.Keys.Order(StringComparer.Ordinal), "the URLs that were sent, after one item was deleted");
        run.SameList([day], lookup.UncheckedDates, "UncheckedDates");
        run.SameList([day], (await run.HistoryOf(after).ExceptRecentlySentAsync(items, ContractRun.Day, 30, run.CancellationToken).ConfigureAwait(false)).UncheckedDates, "UncheckedDates for items");
    }

    private static async Task Divided(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await DeliverAsync(run, repository, ContractRun.Day.AddDays(-1), Samples.Item(1), Samples.Item(3)).ConfigureAwait(false);
        DigestItem[] items = [Samples.Item(0), Samples.Item(1), Samples.Page("/relative"), Samples.Item(2), Samples.Item(0, "a copy"), Samples.Item(3), Samples.Page(null!), Samples.Item(1, "a copy"), null!];
        RecentlySent result = await run.HistoryOf(repository).ExceptRecentlySentAsync(items, ContractRun.Day, 30, run.CancellationToken).ConfigureAwait(false);
        run.Equal((true, null), (result.IsChecked, result.Error), "IsChecked and Error");
        run.SameList([items[0], items[2], items[3], items[4], items[6], items[8]], result.Fresh, "Fresh");
        run.SameList([items[1], items[5], items[7]], result.Sent.Select(static sent => sent.Item), "Sent");
        run.Equal(true, result.Sent.All(static sent => sent.IsCertain && sent.LastSentOn == ContractRun.Day.AddDays(-1)), "whether all were certainly sent on the day before");
        run.Equal(0, (await run.HistoryOf(repository).ExceptRecentlySentAsync([], ContractRun.Day, 30, run.CancellationToken).ConfigureAwait(false)).Fresh.Count, "the number of fresh items of none");
    }

    private static async Task SwitchedOff(ContractRun run)
    {
        IDigestRepository on = run.Repository();
        await DeliverAsync(run, on, ContractRun.Day.AddDays(-1), Samples.Item(0)).ConfigureAwait(false);
        IDigestHistory off = run.HistoryOf(run.Repository(static options => options.Enabled = false));
        RecentlySent result = await off.ExceptRecentlySentAsync(Samples.Items(2), ContractRun.Day, 30, run.CancellationToken).ConfigureAwait(false);
        run.SameList(Samples.Items(2), result.Fresh, "Fresh");
        run.Equal((false, DigestStoreErrorReason.Disabled), (result.IsChecked, result.Error?.Reason), "IsChecked and Error");

        await RefusesAsync(() => off.FindSentAsync(ContractRun.Day, [Samples.Url(0)], 30, run.CancellationToken), "FindSentAsync").ConfigureAwait(false);
        await RefusesAsync(() => DayListClauses.ToListAsync(off.ListDaysAsync(ContractRun.Day, ContractRun.Day, run.CancellationToken)), "ListDaysAsync").ConfigureAwait(false);
        await RefusesAsync(() => DayListClauses.ToListAsync(off.ListDaysAsync(DeliveryStatus.Delivered, run.CancellationToken)), "ListDaysAsync by status").ConfigureAwait(false);
        await RefusesAsync(() => DayListClauses.ToListAsync(off.ReadDaysAsync(ContractRun.Day, ContractRun.Day, run.CancellationToken)), "ReadDaysAsync").ConfigureAwait(false);
        await RefusesAsync(() => DayListClauses.ToListAsync(off.FindAllAsync(Samples.Url(0), ContractRun.Day, ContractRun.Day, run.CancellationToken)), "FindAllAsync").ConfigureAwait(false);
        await RefusesAsync(() => off.GetStatisticsAsync(ContractRun.Day, ContractRun.Day, run.CancellationToken), "GetStatisticsAsync").ConfigureAwait(false);
        await RefusesAsync(() => off.DeleteDayAsync(ContractRun.Day, run.CancellationToken), "DeleteDayAsync").ConfigureAwait(false);

        async Task RefusesAsync(Func<Task> act, string what)
        {
            DigestStoreException thrown = await run.ThrowsAsync<DigestStoreException>(act, what).ConfigureAwait(false);
            run.Equal(DigestStoreErrorReason.Disabled, thrown.Reason, what + ", the reason");
        }
    }

    private static async Task TooManyDays(ContractRun run)
    {
        IDigestHistory history = run.HistoryOf(run.Repository(static options => options.MaxLookback = TimeSpan.FromDays(40)));
        foreach (int days in new[] { -1, 0, 41, int.MaxValue })
        {
            ArgumentOutOfRangeException thrown = await run.ThrowsAsync<ArgumentOutOfRangeException>(
                () => history.FindSentAsync(ContractRun.Day, [Samples.Url(0)], days, run.CancellationToken), "FindSentAsync over " + Samples.Number(days) + " days").ConfigureAwait(false);
            run.True(thrown.Message.Contains("between 1 and 40", StringComparison.Ordinal), "the message", "the bounds", thrown.Message);
            await run.ThrowsAsync<ArgumentOutOfRangeException>(
                () => history.ExceptRecentlySentAsync([], ContractRun.Day, days, run.CancellationToken), "ExceptRecentlySentAsync over " + Samples.Number(days) + " days").ConfigureAwait(false);
        }

        await history.FindSentAsync(ContractRun.Day, [Samples.Url(0)], 40, run.CancellationToken).ConfigureAwait(false);
    }

    private static async Task Canceled(ContractRun run)
    {
        IDigestHistory history = run.HistoryOf(run.Repository());
        using var source = new CancellationTokenSource();
        await source.CancelAsync().ConfigureAwait(false);
        await EndsAsync(() => history.FindSentAsync(ContractRun.Day, [Samples.Url(0)], 30, source.Token), "FindSentAsync").ConfigureAwait(false);
        await EndsAsync(() => history.ExceptRecentlySentAsync(Samples.Items(1), ContractRun.Day, 30, source.Token), "ExceptRecentlySentAsync").ConfigureAwait(false);
        await EndsAsync(() => DayListClauses.ToListAsync(history.ListDaysAsync(ContractRun.Day, ContractRun.Day, source.Token)), "ListDaysAsync").ConfigureAwait(false);
        await EndsAsync(() => DayListClauses.ToListAsync(history.ListDaysAsync(DeliveryStatus.Pending, source.Token)), "ListDaysAsync by status").ConfigureAwait(false);
        await EndsAsync(() => DayListClauses.ToListAsync(history.ReadDaysAsync(ContractRun.Day, ContractRun.Day, source.Token)), "ReadDaysAsync").ConfigureAwait(false);
        await EndsAsync(() => DayListClauses.ToListAsync(history.FindAllAsync(Samples.Url(0), ContractRun.Day, ContractRun.Day, source.Token)), "FindAllAsync").ConfigureAwait(false);
        await EndsAsync(() => history.GetStatisticsAsync(ContractRun.Day, ContractRun.Day, source.Token), "GetStatisticsAsync").ConfigureAwait(false);
        await EndsAsync(() => history.DeleteDayAsync(ContractRun.Day, source.Token), "DeleteDayAsync").ConfigureAwait(false);

        Task<OperationCanceledException> EndsAsync(Func<Task> act, string what) => run.ThrowsAsync<OperationCanceledException>(act, what);
    }
}
