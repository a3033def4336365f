namespace DigestStore.Testing;

internal static class DayDeletionClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A deleted day has no items, and its neighbours keep theirs", "Erased is erased.", Deleted),
        Clause("A deleted day is not sent, and what was sent on it is not forgotten", "Deleting a day never sends its links again.", StillKnown),
        Clause("A store on a deleted day begins it anew, and it can be sent again", "Nothing of the deleted day is left but what was sent.", BegunAnew),
        Clause("A known failure on a day that was deleted and stored again is repeated by nobody", "Nothing of the new email was ever uncertain.", FailedAnew),
        Clause("A store and a deletion at once leave no deleted day with items", "Such a day would never be sent, although it was stored.", StoreAtOnce),
        Clause("A day that somebody sends is not deleted, and the answer says when to try again", "A deletion never takes the items from under a sender.", HeldBySender),
        Clause("A day of which nothing is stored is deleted in no request that writes", "A mistyped date refuses no later sender.", NothingThere),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.History, name, promise, verify);

    private static Task<DeleteDayResult> DeleteAsync(ContractRun run, IDigestRepository repository) => run.HistoryOf(repository).DeleteDayAsync(ContractRun.Day, run.CancellationToken);

    private static async Task Deleted(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        foreach (int offset in new[] { -1, 0, 1 })
        {
            await run.StoreAsync(repository, ContractRun.Day.AddDays(offset), Samples.Items(60)).ConfigureAwait(false);
        }

        run.Equal(new DeleteDayResult { Date = ContractRun.Day, Outcome = DeleteDayOutcome.Deleted, ItemsDeleted = 60 }, await DeleteAsync(run, repository).ConfigureAwait(false), "DeleteDayAsync");
        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items of the day");
        run.Equal(60, (await run.GetAsync(repository, ContractRun.Day.AddDays(-1)).ConfigureAwait(false)).Count, "the number of items of the day before");
        run.Equal(60, (await run.GetAsync(repository, ContractRun.Day.AddDays(1)).ConfigureAwait(false)).Count, "the number of items of the day after");
        run.Equal(DeleteDayOutcome.NothingStored, (await DeleteAsync(run, repository).ConfigureAwait(false)).Outcome, "the second DeleteDayAsync");

        List<DigestDay> days = await DayListClauses.ToListAsync(run.HistoryOf(repository).ListDaysAsync(DeliveryStatus.Deleted, run.CancellationToken)).ConfigureAwait(false);
        run.SameList([ContractRun.Day], days.Select(static day => day.Date), "the deleted days");
        run.Equal((0, null, null), (days[0].ItemsInserted, days[0].StoredAt, days[0].HeldUntil), "what is left of the day in its header");
    }

    private static async Task StillKnown(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(2)).ConfigureAwait(false);
        await HistoryClauses.DeliverAsync(run, repository, ContractRun.Day, Samples.Items(2)).ConfigureAwait(false);
        run.Equal(DeleteDayOutcome.Deleted, (await DeleteAsync(run, repository).ConfigureAwait(false)).Outcome, "DeleteDayAsync");

        SentLookup lookup = await run.HistoryOf(repository).FindSentAsync(ContractRun.Day.AddDays(1), [Samples.Url(0), Samples.Url(1)], 7, run.CancellationToken).ConfigureAwait(false);
        run.Equal((2, 0), (lookup.Sent.Count, lookup.UnsettledDates.Count), "the number of URLs that were sent, and of UnsettledDates");
        run.Equal(DeliveryLeaseOutcome.Deleted, (await run.DeliveryOf(repository).AcquireAsync(ContractRun.Day, cancellationToken: run.CancellationToken).ConfigureAwait(false)).Outcome, "AcquireAsync");
    }

    private static async Task BegunAnew(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        await HistoryClauses.DeliverAsync(run, repository, ContractRun.Day, Samples.Items(3)).ConfigureAwait(false);
        await DeleteAsync(run, repository).ConfigureAwait(false);

        run.AllOutcomes(await run.StoreAsync(repository, Samples.Items(2, from: 2)).ConfigureAwait(false), DigestItemOutcome.Inserted);
        DigestDay day = (await DayListClauses.ToListAsync(run.HistoryOf(repository).ListDaysAsync(ContractRun.Day, ContractRun.Day, run.CancellationToken)).ConfigureAwait(false))[0];
        run.Equal((DeliveryStatus.Pending, 1, 2), (day.Status, day.Runs, day.ItemsInserted), "the status, the runs and the items of the day");
        run.SameList([0, 1], (await run.GetAsync(repository).ConfigureAwait(false)).Select(static item => item.Ordinal), "the ordinals");

        await HistoryClauses.DeliverAsync(run, repository, ContractRun.Day, Samples.Items(2, from: 2)).ConfigureAwait(false);
        SentLookup lookup = await run.HistoryOf(repository).FindSentAsync(ContractRun.Day.AddDays(1), [.. Enumerable.Range(0, 5).Select(Samples.Url)], 7, run.CancellationToken).ConfigureAwait(false);
        run.SameList(Enumerable.Range(0, 4).Select(Samples.Url), lookup.Sent.Keys.Order(StringComparer.Ordinal), "the URLs that were sent");
    }

    private static async Task FailedAnew(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        await HistoryClauses.DeliverAsync(run, repository, ContractRun.Day, Samples.Items(3)).ConfigureAwait(false);
        await DeleteAsync(run, repository).ConfigureAwait(false);
        await run.StoreAsync(repository, Samples.Items(2)).ConfigureAwait(false);
        var sender = new DeliveryClauses.Sender { Error = new DeliveryFailedException(DeliveryFailureKind.Retry, "451") };
        await sender.DeliverAsync(run, run.DeliveryOf(repository), Samples.Items(2)).ConfigureAwait(false);

        DeliveryLease next = await run.DeliveryOf(repository).AcquireAsync(ContractRun.Day, cancellationToken: run.CancellationToken).ConfigureAwait(false);
        run.Equal((DeliveryLeaseOutcome.Granted, false, 0), (next.Outcome, next.IsRepeat, next.PreviousItems.Count), "the next lease");
    }

    private static async Task StoreAtOnce(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(30)).ConfigureAwait(false);
        await Task.WhenAll(DeleteAsync(run, repository), run.StoreAsync(repository, Samples.Items(30, from: 30))).ConfigureAwait(false);

        int items = (await run.GetAsync(repository).ConfigureAwait(false)).Count;
        DigestDay day = (await DayListClauses.ToListAsync(run.HistoryOf(repository).ListDaysAsync(ContractRun.Day, ContractRun.Day, run.CancellationToken)).ConfigureAwait(false))[0];
        run.True(day.Status != DeliveryStatus.Deleted || items == 0, "a deleted day", "without items", items);
    }

    private static async Task HeldBySender(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        var options = new DeliveryOptions { Owner = "host", LeaseDuration = TimeSpan.FromMinutes(5) };
        await run.DeliveryOf(repository).AcquireAsync(ContractRun.Day, options, run.CancellationToken).ConfigureAwait(false);

        DeleteDayResult refused = await DeleteAsync(run, repository).ConfigureAwait(false);
        run.Equal((DeleteDayOutcome.HeldByAnother, "host", 0), (refused.Outcome, refused.HeldBy, refused.ItemsDeleted), "DeleteDayAsync while the day is sent");
        run.True(refused.RetryAfter > TimeSpan.FromMinutes(5) && refused.RetryAfter <= TimeSpan.FromMinutes(6), "RetryAfter", "the lease of five minutes and an allowance", refused.RetryAfter);
        run.Equal(3, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items");

        run.Clock.Advance(refused.RetryAfter + TimeSpan.FromSeconds(1));
        run.Equal((DeleteDayOutcome.Deleted, 3), Told(await DeleteAsync(run, repository).ConfigureAwait(false)), "DeleteDayAsync after the lease");
        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items");
    }

    private static (DeleteDayOutcome Outcome, int Items) Told(DeleteDayResult result) => (result.Outcome, result.ItemsDeleted);

    private static async Task NothingThere(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        run.Equal(new DeleteDayResult { Date = ContractRun.Day, Outcome = DeleteDayOutcome.NothingStored }, await DeleteAsync(run, repository).ConfigureAwait(false), "DeleteDayAsync");
        run.Equal(0, (await DayListClauses.ToListAsync(run.HistoryOf(repository).ListDaysAsync(ContractRun.Day, ContractRun.Day, run.CancellationToken)).ConfigureAwait(false)).Count, "the number of days");
        await HistoryClauses.DeliverAsync(run, repository, ContractRun.Day, Samples.Items(1)).ConfigureAwait(false);
    }
}
