namespace DigestStore.Testing;

internal static class DisablingClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A disabled store skips every item without a request", "A store that is switched off never stops the email.", Storing),
        Clause("A disabled store takes even an empty input for disabled", "The caller learns that the store is switched off, whatever it hands in.", StoringNothing),
        Clause("Disabled reads and deletes throw and name the reason", "A switched-off store never looks like an empty digest.", Reading),
        Clause("A missing collection is an ArgumentNullException also when disabled", "Switching a store off hides no mistake of the caller.", MissingInput),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Disabling, name, promise, verify);

    private static IDigestRepository Disabled(ContractRun run) => run.Repository(options => options.Enabled = false);

    private static async Task Storing(ContractRun run)
    {
        IDigestRepository disabled = Disabled(run);
        StoreResult[] results =
        [
            await run.StoreAsync(disabled, [.. Samples.Items(30), null!]).ConfigureAwait(false),
            await run.StoreStreamAsync(disabled, Samples.Items(30)).ConfigureAwait(false),
        ];
        run.Equal(31, results[0].Skipped, "Skipped");
        foreach (StoreResult result in results)
        {
            run.AllOutcomes(result, DigestItemOutcome.Skipped);
            run.Equal(StoreStatus.Disabled, result.Status, "Status");
            run.Equal(0, result.Cost.Requests, "Requests");
            DigestStoreException thrown = await run.ThrowsAsync<DigestStoreException>(() => Task.Run(result.EnsureStored), "EnsureStored").ConfigureAwait(false);
            run.Equal(DigestStoreErrorReason.Disabled, thrown.Reason, "the reason of EnsureStored");
        }

        run.Equal(0, (await run.GetAsync(run.Repository()).ConfigureAwait(false)).Count, "the number of items stored");
    }

    private static async Task StoringNothing(ContractRun run)
    {
        IDigestRepository disabled = Disabled(run);
        run.Equal(StoreStatus.Disabled, (await run.StoreAsync(disabled).ConfigureAwait(false)).Status, "Status of an empty collection");
        run.Equal(StoreStatus.Disabled, (await run.StoreStreamAsync(disabled, []).ConfigureAwait(false)).Status, "Status of an empty stream");
    }

    private static async Task Reading(ContractRun run)
    {
        IDigestRepository enabled = run.Repository();
        await run.StoreAsync(enabled, Samples.Items(2)).ConfigureAwait(false);
        DigestItemId id = DigestItemId.Create(Samples.Url(1));

        IDigestRepository disabled = Disabled(run);
        await ThrowsDisabledAsync(run, () => run.GetAsync(disabled), "GetAsync").ConfigureAwait(false);
        await ThrowsDisabledAsync(run, () => run.ReadAsync(disabled), "ReadAsync").ConfigureAwait(false);
        await ThrowsDisabledAsync(run, () => run.FindAsync(disabled, Samples.Url(1)), "FindAsync by URL").ConfigureAwait(false);
        await ThrowsDisabledAsync(run, () => disabled.FindAsync(ContractRun.Day, id, run.CancellationToken), "FindAsync by id").ConfigureAwait(false);
        await ThrowsDisabledAsync(run, () => disabled.DeleteAsync(ContractRun.Day, Samples.Url(1), run.CancellationToken), "DeleteAsync by URL").ConfigureAwait(false);
        await ThrowsDisabledAsync(run, () => disabled.DeleteAsync(ContractRun.Day, id, run.CancellationToken), "DeleteAsync by id").ConfigureAwait(false);
        run.Titles(Samples.Titles(2), await run.GetAsync(enabled).ConfigureAwait(false), "GetAsync");
    }

    private static async Task ThrowsDisabledAsync(ContractRun run, Func<Task> act, string what)
    {
        DigestStoreException thrown = await run.ThrowsAsync<DigestStoreException>(act, what).ConfigureAwait(false);
        run.Equal(DigestStoreErrorReason.Disabled, thrown.Reason, "the reason of " + what);
    }

    private static async Task MissingInput(ContractRun run)
    {
        IDigestRepository disabled = Disabled(run);
        await run.ThrowsAsync<ArgumentNullException>(() => disabled.StoreAsync(ContractRun.Day, (IEnumerable<DigestItem>)null!, cancellationToken: run.CancellationToken), "StoreAsync of a null collection").ConfigureAwait(false);
        await run.ThrowsAsync<ArgumentNullException>(() => disabled.StoreAsync(ContractRun.Day, (IAsyncEnumerable<DigestItem>)null!, cancellationToken: run.CancellationToken), "StoreAsync of a null stream").ConfigureAwait(false);
    }
}
