using System.Globalization;

namespace DigestStore.Testing;

internal static class ExpiryClauses
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("An item expires its retention after it was first stored, in whole seconds", "It is never returned for a shorter time than promised.", ExpiresAt),
        Clause("An expired item is gone from every read at the instant it expires", "It does not matter that the database removes it days later.", GoneFromReads),
        Clause("An expired item counts as absent when it is stored again", "It is new: revision 1, a new time of first store and a new expiry.", StoredAgain),
        Clause("An update moves no expiry", "The retention counts from the first store.", UpdateMovesNothing),
        Clause("A longer retention keeps unchanged items longer, without a new revision", "A change of the setting takes effect with the next store.", LongerRetention),
        Clause("A shorter retention shortens no life", "What was promised when an item was stored is kept.", ShorterRetention),
        Clause("Without retention, items that had one are kept for ever after the next store", "Keeping an item for ever counts as a longer retention.", ForEver),
        Clause("Expired items neither show among live ones nor disturb a store", "Each item of a date has its own time.", MixedAges),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Expiry, name, promise, verify);

    private static IDigestRepository WithRetention(ContractRun run, TimeSpan? retention) => run.Repository(options => options.Retention = retention);

    private static void ExpiresAfter(ContractRun run, StoredDigestItem stored, TimeSpan retention)
    {
        DateTimeOffset expiresAt = stored.ExpiresAt ?? DateTimeOffset.MaxValue;
        DateTimeOffset promised = stored.CreatedAt + retention;
        run.Equal(0L, expiresAt.UtcTicks % TimeSpan.TicksPerSecond, "the fraction of a second of ExpiresAt");
        run.True(expiresAt >= promised && expiresAt - promised <= TimeSpan.FromSeconds(1), "ExpiresAt", "at most a second after " + promised.ToString("O", CultureInfo.InvariantCulture), expiresAt);
    }

    private static async Task ExpiresAt(ContractRun run)
    {
        foreach (TimeSpan retention in new[] { TimeSpan.FromSeconds(1), Week, TimeSpan.FromDays(36_525) })
        {
            IDigestRepository repository = run.Repository(options =>
            {
                options.DigestName += "-" + Samples.Number((int)retention.TotalDays);
                options.Retention = retention;
            });
            await run.StoreAsync(repository, Samples.Item(0)).ConfigureAwait(false);
            ExpiresAfter(run, run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync"), retention);
        }
    }

    private static async Task GoneFromReads(ContractRun run)
    {
        IDigestRepository repository = WithRetention(run, Week);
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        StoredDigestItem stored = (await run.GetAsync(repository).ConfigureAwait(false))[0];

        run.Clock.SetTo(stored.ExpiresAt!.Value.AddTicks(-1));
        run.Equal(3, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items just before");
        run.Equal(stored, await run.FindAsync(repository, stored.Item.Url).ConfigureAwait(false), "FindAsync just before");

        run.Clock.SetTo(stored.ExpiresAt.Value);
        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.Equal(0, digest.Count, "the number of items");
        run.Equal(0, digest.Unreadable, "Unreadable");
        run.Equal(0, (await run.ReadAsync(repository).ConfigureAwait(false)).Count, "the number of items of ReadAsync");
        run.Equal(null, await run.FindAsync(repository, stored.Item.Url).ConfigureAwait(false), "FindAsync by URL");
        run.Equal(null, await repository.FindAsync(ContractRun.Day, stored.Id, run.CancellationToken).ConfigureAwait(false), "FindAsync by id");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, stored.Item.Url, run.CancellationToken).ConfigureAwait(false), "DeleteAsync by URL");
        run.Equal(false, await repository.DeleteAsync(ContractRun.Day, stored.Id, run.CancellationToken).ConfigureAwait(false), "DeleteAsync by id");
    }

    private static async Task StoredAgain(ContractRun run)
    {
        foreach (int count in new[] { 1, 60 })
        {
            IDigestRepository repository = run.Repository(options =>
            {
                options.DigestName += "-" + Samples.Number(count);
                options.Retention = Week;
            });
            await run.StoreAsync(repository, Samples.Items(count)).ConfigureAwait(false);
            await run.StoreAsync(repository, Samples.Item(0, "changed")).ConfigureAwait(false);

            run.Clock.Advance(Week + TimeSpan.FromSeconds(2));
            StoreResult result = await run.StoreAsync(repository, Samples.Items(count)).ConfigureAwait(false);
            run.AllOutcomes(result, DigestItemOutcome.Inserted);
            Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
            run.Titles(Samples.Titles(count), digest, "GetAsync");
            foreach (StoredDigestItem stored in digest)
            {
                run.Equal(1, stored.Revision, "Revision");
                run.Equal(run.Clock.GetUtcNow(), stored.CreatedAt, "CreatedAt");
                run.Equal(run.Clock.GetUtcNow(), stored.UpdatedAt, "UpdatedAt");
                ExpiresAfter(run, stored, Week);
            }
        }
    }

    private static async Task UpdateMovesNothing(ContractRun run)
    {
        IDigestRepository repository = WithRetention(run, Week);
        await run.StoreAsync(repository, Samples.Item(0)).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromDays(3));
        run.Outcomes(await run.StoreAsync(repository, Samples.Item(0, "changed")).ConfigureAwait(false), DigestItemOutcome.Updated);
        ExpiresAfter(run, run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync"), Week);
    }

    private static async Task LongerRetention(ContractRun run)
    {
        await run.StoreAsync(WithRetention(run, Week), Samples.Items(30)).ConfigureAwait(false);
        Digest before = await run.GetAsync(run.Repository()).ConfigureAwait(false);

        run.Clock.Advance(TimeSpan.FromDays(1));
        IDigestRepository repository = WithRetention(run, 4 * Week);
        StoreResult result = await run.StoreAsync(repository, Samples.Items(30)).ConfigureAwait(false);
        run.AllOutcomes(result, DigestItemOutcome.Unchanged);
        Digest after = await run.GetAsync(repository).ConfigureAwait(false);
        run.SameList(before.Select(stored => stored with { ExpiresAt = null }), after.Select(stored => stored with { ExpiresAt = null }), "the items, apart from their expiry");
        foreach (StoredDigestItem stored in after)
        {
            ExpiresAfter(run, stored, 4 * Week);
        }

        run.Clock.Advance(2 * Week);
        run.Equal(30, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items after the first retention is over");
    }

    private static async Task ShorterRetention(ContractRun run)
    {
        await run.StoreAsync(WithRetention(run, 4 * Week), Samples.Items(2)).ConfigureAwait(false);
        await run.StoreAsync(WithRetention(run, null), Samples.Items(2, from: 2)).ConfigureAwait(false);

        IDigestRepository repository = WithRetention(run, Week);
        StoreResult result = await run.StoreAsync(repository, Samples.Item(0), Samples.Item(1, "changed"), Samples.Item(2), Samples.Item(3, "changed")).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Unchanged, DigestItemOutcome.Updated, DigestItemOutcome.Unchanged, DigestItemOutcome.Updated);
        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        ExpiresAfter(run, digest[0], 4 * Week);
        ExpiresAfter(run, digest[1], 4 * Week);
        run.Equal(null, digest[2].ExpiresAt, "ExpiresAt of an unchanged item that was to be kept for ever");
        run.Equal(null, digest[3].ExpiresAt, "ExpiresAt of an updated item that was to be kept for ever");
    }

    private static async Task ForEver(ContractRun run)
    {
        await run.StoreAsync(WithRetention(run, Week), Samples.Items(2)).ConfigureAwait(false);
        IDigestRepository repository = WithRetention(run, null);
        StoreResult result = await run.StoreAsync(repository, Samples.Item(0), Samples.Item(1, "changed")).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Unchanged, DigestItemOutcome.Updated);
        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.SameList([null, null], digest.Select(stored => stored.ExpiresAt), "ExpiresAt");
        run.SameList([1, 2], digest.Select(stored => stored.Revision), "Revision");
    }

    private static async Task MixedAges(ContractRun run)
    {
        IDigestRepository repository = WithRetention(run, Week);
        await run.StoreAsync(repository, Samples.Items(40)).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromDays(4));
        await run.StoreAsync(repository, Samples.Items(40, from: 40)).ConfigureAwait(false);
        run.Clock.Advance(TimeSpan.FromDays(4));

        run.Titles(Samples.Titles(40, from: 40), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        DigestItem[] mixed = [.. Samples.Items(10, from: 60), .. Samples.Items(10)];
        StoreResult result = await run.StoreAsync(repository, mixed).ConfigureAwait(false);
        run.SameList(
            mixed.Select((_, number) => number < 10 ? DigestItemOutcome.Unchanged : DigestItemOutcome.Inserted),
            result.Outcomes,
            "the outcomes");
        run.Titles([.. Samples.Titles(40, from: 40), .. Samples.Titles(10)], await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }
}
