namespace DigestStore.Testing;

internal static class DeletingClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("Delete answers true once and false afterwards", "The answer says whether an item was there.", TrueThenFalse),
        Clause("A deleted item is gone from every read, its neighbours stay", "Erased is erased.", GoneEverywhere),
        Clause("Delete takes any spelling of the URL", "A caller need not know the canonical form.", AnySpelling),
        Clause("Delete answers false for what was never there", "Neither another date nor another URL is mistaken for it.", NeverThere),
        Clause("A deleted item that is stored again is new and comes last", "Nothing of the deleted one is left.", StoredAgain),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Deleting, name, promise, verify);

    private static async Task TrueThenFalse(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(2)).ConfigureAwait(false);
        DigestItemId.TryCreate(Samples.Url(1), out DigestItemId id);
        run.Equal(true, await repository.DeleteAsync(ContractRun.Day, Samples.Url(0), run.CancellationToken).ConfigureAwait(false), "the first delete by URL");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, Samples.Url(0), run.CancellationToken).ConfigureAwait(false), "the second delete by URL");
        run.Equal(true, await repository.DeleteAsync(ContractRun.Day, id, run.CancellationToken).ConfigureAwait(false), "the first delete by id");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, id, run.CancellationToken).ConfigureAwait(false), "the second delete by id");
    }

    private static async Task GoneEverywhere(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(4)).ConfigureAwait(false);
        DigestItemId.TryCreate(Samples.Url(1), out DigestItemId id);
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
        DigestItemId.TryCreate(Samples.Url(0), out DigestItemId id);
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, Samples.Url(2), run.CancellationToken).ConfigureAwait(false), "DeleteAsync of another URL");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day.AddDays(1), Samples.Url(0), run.CancellationToken).ConfigureAwait(false), "DeleteAsync in another date, by URL");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day.AddDays(1), id, run.CancellationToken).ConfigureAwait(false), "DeleteAsync in another date, by id");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, default(DigestItemId), run.CancellationToken).ConfigureAwait(false), "DeleteAsync of the default id");
        run.Titles(Samples.Titles(2), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
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
