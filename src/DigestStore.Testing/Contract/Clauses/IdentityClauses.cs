namespace DigestStore.Testing;

internal static class IdentityClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("Spellings of one page are one item", "http and https, www., slashes, fragments, tracking parameters and their order make no new page.", Spellings),
        Clause("Different pages stay different items", "Case of the path, values, routes, ports and subdomains make a page.", DifferentPages),
        Clause("Ids are those of DigestItemId.TryCreate, under the default rules and under others", "An id can be computed without asking the storage.", Ids),
        Clause("Stricter rules neither duplicate nor lose what is stored", "A changed switch leaves ids, revisions and the number of items as they are; find and delete still match.", StricterRules),
        Clause("Looser rules neither duplicate nor lose what is stored", "Pages that were told apart before stay; none is inserted a third time.", LooserRules),
        Clause("Of several records of one page a store updates the one that find returns: the oldest that has not expired", "Changed rules leave such records behind; every call must mean the same one.", SameRecord),
        Clause("Under stricter rules a page that used to be the same is a new item", "Both are in the digest, even where the id of the one is that of the other under the old rules.", IdTaken),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Identity, name, promise, verify);

    private static IDigestRepository Strict(ContractRun run) => run.Repository(options => options.Identity = StrictRules());

    private static UrlIdentityOptions StrictRules() => new()
    {
        TreatHttpAsHttps = false,
        DropWww = false,
        DropTrailingSlash = false,
        CollapseSlashes = false,
        DropFragment = false,
        DropTrackingParameters = false,
        SortQuery = false,
    };

    private static async Task Spellings(ContractRun run)
    {
        string[] spellings =
        [
            "https://example.org/a/b?x=1&y=2",
            "http://example.org/a/b?x=1&y=2",
            "https://www.example.org/a/b?x=1&y=2",
            "https://example.org/a/b/?x=1&y=2",
            "https://example.org//a//b?x=1&y=2",
            "https://example.org/a/b?x=1&y=2#part",
            "https://example.org/a/b?x=1&utm_source=mail&y=2&fbclid=z&gclid=z",
            "https://example.org/a/b?y=2&x=1",
            "HTTPS://EXAMPLE.ORG:443/a/./c/../%62?x=1&y=2",
        ];
        IDigestRepository repository = run.Repository();
        StoreResult result = await run.StoreAsync(repository, [.. spellings.Select(url => Samples.Page(url))]).ConfigureAwait(false);
        run.Equal(spellings.Length - 1, result.Duplicates, "Duplicates");
        StoredDigestItem stored = run.Single(await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        run.Equal(spellings[^1], stored.Item.Url, "the URL of the last");
        foreach (string spelling in spellings)
        {
            run.Equal(stored, await run.FindAsync(repository, spelling).ConfigureAwait(false), "FindAsync by " + spelling);
        }
    }

    private static async Task DifferentPages(ContractRun run)
    {
        string[] pages =
        [
            "https://example.org/",
            "https://example.org/a",
            "https://example.org/A",
            "https://example.org/a?x=1",
            "https://example.org/a?x=2",
            "https://example.org/a?X=1",
            "https://example.org/a?x=1&x=2",
            "https://example.org/a?x=2&x=1",
            "https://example.org/#!/one",
            "https://example.org/#/two",
            "https://example.org:8443/a",
            "http://example.org:8443/a",
            "https://blog.example.org/a",
            "https://example.com/a",
            "https://example.org/a%2Fb",
            "https://example.org/a/b",
            "https://example.org/caf%C3%A9",
            "https://example.org/cafe%CC%81",
        ];
        IDigestRepository repository = run.Repository();
        run.AllOutcomes(await run.StoreAsync(repository, [.. pages.Select(url => Samples.Page(url))]).ConfigureAwait(false), DigestItemOutcome.Inserted);
        run.SameList(pages, (await run.GetAsync(repository).ConfigureAwait(false)).Select(stored => stored.Item.Url), "GetAsync");
    }

    private static async Task Ids(ContractRun run)
    {
        string[] urls = ["http://www.example.org/a//b/?b=2&a=1&utm_source=x#part", "https://example.org/ü?q=%7e", "https://bücher.example/"];
        IDigestRepository byDefault = run.Repository();
        IDigestRepository strict = run.Repository(options =>
        {
            options.DigestName += "-strict";
            options.Identity = StrictRules();
        });
        await run.StoreAsync(byDefault, [.. urls.Select(url => Samples.Page(url))]).ConfigureAwait(false);
        await run.StoreAsync(strict, [.. urls.Select(url => Samples.Page(url))]).ConfigureAwait(false);
        foreach (StoredDigestItem stored in await run.GetAsync(byDefault).ConfigureAwait(false))
        {
            DigestItemId id = DigestItemId.Create(stored.Item.Url);
            run.Equal(id, stored.Id, "the id under the default rules of " + stored.Item.Url);
        }

        foreach (StoredDigestItem stored in await run.GetAsync(strict).ConfigureAwait(false))
        {
            DigestItemId id = DigestItemId.Create(stored.Item.Url, StrictRules());
            run.Equal(id, stored.Id, "the id under strict rules of " + stored.Item.Url);
        }
    }

    private static async Task StricterRules(ContractRun run)
    {
        DigestItem[] items =
        [
            Samples.Page("http://www.example.org/a/?b=2&a=1&utm_source=x#part", "everything at once"),
            Samples.Page("https://example.org/b/", "a slash"),
            .. Samples.Items(60),
        ];
        await run.StoreAsync(run.Repository(), items).ConfigureAwait(false);
        Digest before = await run.GetAsync(run.Repository()).ConfigureAwait(false);

        run.Clock.Advance(TimeSpan.FromMinutes(1));
        IDigestRepository strict = Strict(run);
        run.AllOutcomes(await run.StoreAsync(strict, items).ConfigureAwait(false), DigestItemOutcome.Unchanged);
        run.AllOutcomes(await run.StoreAsync(strict, items[0], items[5]).ConfigureAwait(false), DigestItemOutcome.Unchanged);
        run.SameList(
            before.Select(stored => (stored.Id, stored.Item, stored.Revision, stored.CreatedAt, stored.UpdatedAt, stored.Ordinal)),
            (await run.GetAsync(strict).ConfigureAwait(false)).Select(stored => (stored.Id, stored.Item, stored.Revision, stored.CreatedAt, stored.UpdatedAt, stored.Ordinal)),
            "the digest");

        DigestItem changed = items[0] with { Title = "changed" };
        run.Outcomes(await run.StoreAsync(strict, changed).ConfigureAwait(false), DigestItemOutcome.Updated);
        StoredDigestItem? found = await run.FindAsync(strict, changed.Url).ConfigureAwait(false);
        run.Equal((before[0].Id, changed, 2), (run.NotNull(found, "FindAsync").Id, found.Item, found.Revision), "the id, item and revision of an updated item");
        run.Equal(true, await strict.DeleteAsync(ContractRun.Day, items[1].Url, run.CancellationToken).ConfigureAwait(false), "DeleteAsync");
        run.Equal(items.Length - 1, (await run.GetAsync(strict).ConfigureAwait(false)).Count, "the number of items in the end");
    }

    private static async Task LooserRules(ContractRun run)
    {
        DigestItem[] items =
        [
            Samples.Page("https://example.org/a", "without a slash"),
            Samples.Page("https://example.org/a/", "with a slash"),
            Samples.Page("http://www.example.org/b/#part", "alone"),
            .. Samples.Items(40),
        ];
        run.AllOutcomes(await run.StoreAsync(Strict(run), items).ConfigureAwait(false), DigestItemOutcome.Inserted);

        IDigestRepository loose = run.Repository();
        StoreResult result = await run.StoreAsync(loose, items).ConfigureAwait(false);
        run.Equal(0, result.Inserted, "Inserted");
        run.Equal(StoreStatus.Stored, result.Status, "Status");
        Digest digest = await run.GetAsync(loose).ConfigureAwait(false);
        run.Equal(items.Length, digest.Count, "the number of items");
        run.SameList(items.Skip(2), digest.Skip(2).Select(stored => stored.Item), "the items that are alone");

        StoredDigestItem? found = await run.FindAsync(loose, "https://example.org/b").ConfigureAwait(false);
        run.Equal(items[2], run.NotNull(found, "FindAsync by another spelling").Item, "the item found");
        run.NotNull(await run.FindAsync(loose, "https://example.org/a").ConfigureAwait(false), "FindAsync of a page that is stored twice");
    }

    private static async Task SameRecord(ContractRun run)
    {
        string[] urls = ["https://example.org/a//", "https://example.org/a/", "http://example.org/a", "https://example.org/a"];
        foreach (string url in urls)
        {
            await run.StoreAsync(run.Repository(options => (options.Identity, options.Retention) = (StrictRules(), url == urls[0] ? TimeSpan.FromDays(1) : null)), Samples.Page(url, url)).ConfigureAwait(false);
            run.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        IDigestRepository loose = run.Repository();
        StoredDigestItem first = run.NotNull(await run.FindAsync(loose, urls[3]).ConfigureAwait(false), "FindAsync");
        run.Equal(urls[0], first.Item.Title, "the title of the item that is found");
        run.Clock.Advance(TimeSpan.FromDays(2));
        StoredDigestItem second = run.NotNull(await run.FindAsync(loose, urls[3]).ConfigureAwait(false), "FindAsync after the first has expired");
        run.Equal(urls[1], second.Item.Title, "the title of the item that is found then");

        DigestItem changed = Samples.Page(urls[3], "changed");
        run.Outcomes(await run.StoreAsync(loose, changed).ConfigureAwait(false), DigestItemOutcome.Updated);
        StoredDigestItem updated = run.NotNull(await run.FindAsync(loose, urls[2]).ConfigureAwait(false), "FindAsync after an update");
        run.Equal((second.Id, changed, 2), (updated.Id, updated.Item, updated.Revision), "the id, item and revision after an update");
        run.Equal(3, (await run.GetAsync(loose).ConfigureAwait(false)).Count, "the number of items");
    }

    private static async Task IdTaken(ContractRun run)
    {
        // The default rules drop the slash at the end, so the first item gets the id that the second one would get under strict rules.
        DigestItem withSlash = Samples.Page("https://example.org/a/", "with a slash");
        DigestItem without = Samples.Page("https://example.org/a", "without a slash");
        await run.StoreAsync(run.Repository(), withSlash).ConfigureAwait(false);

        IDigestRepository strict = Strict(run);
        StoreResult result = await run.StoreAsync(strict, withSlash, without).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Unchanged, DigestItemOutcome.Inserted);
        run.SameList([withSlash, without], (await run.GetAsync(strict).ConfigureAwait(false)).Select(stored => stored.Item), "GetAsync");
        run.Equal(withSlash, (await run.FindAsync(strict, withSlash.Url).ConfigureAwait(false))?.Item, "FindAsync with a slash");
        run.Equal(without, (await run.FindAsync(strict, without.Url).ConfigureAwait(false))?.Item, "FindAsync without");
    }
}
