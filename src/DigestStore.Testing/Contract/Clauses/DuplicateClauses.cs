namespace DigestStore.Testing;

internal static class DuplicateClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("Of several items with one canonical URL the last wins, the earlier ones are duplicates", "Each page is in a digest once, with the content handed in last.", LastWins),
        Clause("A winner has the place of the first copy", "A correction at the end of a list does not move the item.", PlaceOfFirst),
        Clause("Copies far apart in a collection are found", "It does not matter how many requests lie between two copies.", FarApart),
        Clause("10,000 copies of one URL are one item", "Every copy but the last is a duplicate.", TenThousandCopies),
        Clause("Copies of a stored item are compared by the last one", "Only what would really change is a change.", CopiesOfStored),
        Clause("An invalid copy displaces nothing", "A rejected item takes no part in finding duplicates.", InvalidCopy),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Duplicates, name, promise, verify);

    private static async Task LastWins(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem last = Samples.Page("https://example.org/page/#part", "third");
        StoreResult result = await run.StoreAsync(
            repository,
            Samples.Page("https://example.org/page", "first"),
            Samples.Page("HTTP://WWW.EXAMPLE.ORG:80/page?utm_source=mail", "second"),
            Samples.Item(1),
            last).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Duplicate, DigestItemOutcome.Duplicate, DigestItemOutcome.Inserted, DigestItemOutcome.Inserted);
        run.Equal(StoreStatus.Stored, result.Status, "Status");

        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.SameList([last, Samples.Item(1)], digest.Select(stored => stored.Item), "GetAsync");
        run.SameList([1, 1], digest.Select(stored => stored.Revision), "the revisions");
    }

    private static async Task PlaceOfFirst(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem[] items = [.. Samples.Items(10), Samples.Item(3, "corrected"), Samples.Item(10), Samples.Item(0, "also corrected")];
        await run.StoreAsync(repository, items).ConfigureAwait(false);

        IEnumerable<string> expected = ["also corrected", .. Samples.Titles(2, from: 1), "corrected", .. Samples.Titles(7, from: 4)];
        run.Titles(expected, await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async Task FarApart(ContractRun run)
    {
        foreach (int distance in new[] { 24, 25, 26, 99, 100, 101, 500 })
        {
            IDigestRepository repository = run.Repository(options => options.DigestName += "-" + Samples.Number(distance));
            DigestItem[] items = [.. Samples.Items(distance), Samples.Item(0, "again")];
            StoreResult result = await run.StoreAsync(repository, items).ConfigureAwait(false);
            run.SameList(
                items.Select((_, number) => number == 0 ? DigestItemOutcome.Duplicate : DigestItemOutcome.Inserted),
                result.Outcomes,
                "the outcomes of " + Samples.Number(distance) + " items and a copy of the first");
            run.Titles(["again", .. Samples.Titles(distance - 1, from: 1)], await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        }
    }

    private static async Task TenThousandCopies(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem[] copies = [.. Enumerable.Range(0, 10_000).Select(number => Samples.Item(0, Samples.Title(number)))];
        StoreResult result = await run.StoreAsync(repository, copies).ConfigureAwait(false);
        run.Equal(9_999, result.Duplicates, "Duplicates");
        run.Equal(1, result.Inserted, "Inserted");
        run.Equal(DigestItemOutcome.Inserted, result.Outcomes[^1], "the outcome of the last copy");
        run.Titles([Samples.Title(9_999)], await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async Task CopiesOfStored(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(2)).ConfigureAwait(false);

        StoreResult result = await run.StoreAsync(
            repository,
            Samples.Item(0, "for a moment"),
            Samples.Item(1, "changed"),
            Samples.Item(0),
            Samples.Item(1, "changed again")).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Duplicate, DigestItemOutcome.Duplicate, DigestItemOutcome.Unchanged, DigestItemOutcome.Updated);
        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.Titles([Samples.Title(0), "changed again"], digest, "GetAsync");
        run.SameList([1, 2], digest.Select(stored => stored.Revision), "the revisions");
    }

    private static async Task InvalidCopy(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult result = await run.StoreAsync(repository, Samples.Item(0), Samples.Item(0, " "), Samples.Item(1, ""), Samples.Item(1)).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Inserted, DigestItemOutcome.Rejected, DigestItemOutcome.Rejected, DigestItemOutcome.Inserted);
        run.Titles(Samples.Titles(2), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }
}
