namespace DigestStore.Testing;

internal static class DeletingClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("Delete answers true once and false afterwards", "The answer says whether an item was there.", TrueThenFalse),
        Clause("A deleted item is gone from every read, its neighbours stay", "Erased is erased.", GoneEverywhere),
        Clause("Delete takes any spelling of the URL", "A caller need not know the canonical form.", AnySpelling),
        Clause("Delete answers false for what was never there", "Neither another date nor another URL is mistaken for it.", NeverThere),
        Clause("On a day of several identity rules delete by URL removes every record of the page", "After true, find finds nothing, however many records the page has.", EveryRecord),
        Clause("On a day of several identity rules delete by id removes that record alone", "An id names one record; the page's others stay.", OneRecord),
        Clause("A deleted item that is stored again is new and comes last", "Nothing of the deleted one is left.", StoredAgain),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Deleting, name, promise, verify);

    private static async Task TrueThenFalse(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(2)).ConfigureAwait(false);
        DigestItemId id = DigestItemId.Create(Samples.Url(1));
        run.Equal(true, await repository.DeleteAsync(ContractRun.Day, Samples.Url(0), run.CancellationToken).ConfigureAwait(false), "the first delete by URL");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, Samples.Url(0), run.CancellationToken).ConfigureAwait(false), "the second delete by URL");
        run.Equal(true, await repository.DeleteAsync(ContractRun.Day, id, run.CancellationToken).ConfigureAwait(false), "the first delete by id");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, id, run.CancellationToken).ConfigureAwait(false), "the second delete by id");
    }

    private static async Task GoneEverywhere(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(4)).ConfigureAwait(false);
        DigestItemId id = DigestItemId.Create(Samples.Url(1));
        await repository.DeleteAsync(ContractRun.Day, id, run.CancellationToken).ConfigureAwait(false);

        run.Titles([Samples.Title(0), Samples.Title(2), Samples.Title(3)], await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        run.Equal(3, (await run.ReadAsync(repository).ConfigureAwait(false)).Count, "the number of items of ReadAsync");
        run.Equal(null, await run.FindAsync(repository, Samples.Url(1)).ConfigureAwait(false), "FindAsync by URL");
        run.Equal(null, await repository.FindAsync(ContractRun.Day, id, run.CancellationToken).ConfigureAwait(false), "FindAsync by id");
    }

    private static async Task AnySpelling(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Full).ConfigureAwait(false);
        run.Equal(true, await repository.DeleteAsync(ContractRun.Day, "http://EXAMPLE.org/Blog/A%2Fb?q=1", run.CancellationToken).ConfigureAwait(false), "DeleteAsync");
        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items left");
    }

    private static async Task NeverThere(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(2)).ConfigureAwait(false);
        DigestItemId id = DigestItemId.Create(Samples.Url(0));
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, Samples.Url(2), run.CancellationToken).ConfigureAwait(false), "DeleteAsync of another URL");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day.AddDays(1), Samples.Url(0), run.CancellationToken).ConfigureAwait(false), "DeleteAsync in another date, by URL");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day.AddDays(1), id, run.CancellationToken).ConfigureAwait(false), "DeleteAsync in another date, by id");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, default(DigestItemId), run.CancellationToken).ConfigureAwait(false), "DeleteAsync of the default id");
        run.Titles(Samples.Titles(2), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static IDigestRepository WithSlashesAndFragments(ContractRun run, TimeSpan? retention = null) => run.Repository(options =>
    {
        options.Retention = retention;
        options.Identity = new UrlIdentityOptions { DropFragment = false, DropTrailingSlash = false };
    });

    private static async Task EveryRecord(ContractRun run)
    {
        foreach (int copies in new[] { 2, 60 })
        {
            run.Clock.Advance(TimeSpan.FromDays(30));
            DigestItem[] page = [.. Enumerable.Range(0, copies).Select(number => Samples.Page("https://example.org/page/#" + Samples.Number(number)))];
            await run.StoreAsync(WithSlashesAndFragments(run, TimeSpan.FromDays(7)), Samples.Page("https://example.org/page#expires")).ConfigureAwait(false);
            await run.StoreAsync(WithSlashesAndFragments(run), [.. page, .. Samples.Items(30)]).ConfigureAwait(false);

            IDigestRepository repository = run.Repository();
            run.Clock.Advance(TimeSpan.FromDays(8));
            run.Equal(true, await repository.DeleteAsync(ContractRun.Day, "https://example.org/page", run.CancellationToken).ConfigureAwait(false), "DeleteAsync");
            run.Equal(null, await run.FindAsync(repository, "https://example.org/page").ConfigureAwait(false), "FindAsync");
            run.Equal(null, await run.FindAsync(repository, page[1].Url).ConfigureAwait(false), "FindAsync by another spelling");
            run.Equal(null, await run.FindAsync(WithSlashesAndFragments(run), page[1].Url).ConfigureAwait(false), "FindAsync under the rules of before");
            run.Equal(false, await repository.DeleteAsync(ContractRun.Day, page[0].Url, run.CancellationToken).ConfigureAwait(false), "the second DeleteAsync");
            run.Titles(Samples.Titles(30), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        }
    }

    private static async Task OneRecord(ContractRun run)
    {
        DigestItem older = Samples.Page("https://example.org/page/", "older");
        DigestItem newer = Samples.Page("https://example.org/page", "newer");
        await run.StoreAsync(WithSlashesAndFragments(run), older).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromMinutes(1));
        await run.StoreAsync(WithSlashesAndFragments(run), newer).ConfigureAwait(false);

        IDigestRepository repository = run.Repository();
        StoredDigestItem found = run.NotNull(await run.FindAsync(repository, newer.Url).ConfigureAwait(false), "FindAsync");
        run.Equal(older, found.Item, "the item that is found: the older one");
        run.Equal(true, await repository.DeleteAsync(ContractRun.Day, found.Id, run.CancellationToken).ConfigureAwait(false), "DeleteAsync by id");
        run.Equal(null, await repository.FindAsync(ContractRun.Day, found.Id, run.CancellationToken).ConfigureAwait(false), "FindAsync by id");
        run.Equal(newer, (await run.FindAsync(repository, older.Url).ConfigureAwait(false))?.Item, "FindAsync by URL");
        run.Equal(true, await repository.DeleteAsync(ContractRun.Day, older.Url, run.CancellationToken).ConfigureAwait(false), "DeleteAsync by URL");
        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items left");
    }

    private static async Task StoredAgain(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        await run.StoreAsync(repository, Samples.Item(0, "changed")).ConfigureAwait(false);
        await repository.DeleteAsync(ContractRun.Day, Samples.Url(0), run.CancellationToken).ConfigureAwait(false);

        run.Clock.Advance(TimeSpan.FromHours(1));
        StoreResult result = await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Inserted, DigestItemOutcome.Unchanged, DigestItemOutcome.Unchanged);
        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.Titles([Samples.Title(1), Samples.Title(2), Samples.Title(0)], digest, "GetAsync");
        run.Equal(1, digest[2].Revision, "Revision");
        run.Equal(run.Clock.GetUtcNow(), digest[2].CreatedAt, "CreatedAt");
    }
}
