using System.Globalization;

namespace DigestStore.Testing;

internal static class ConcurrencyClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("Stores of different dates on one instance do not disturb each other", "An instance is safe for concurrent use.", DifferentDates),
        Clause("Stores of one date at once leave the union of their items", "Nothing is lost; among writers of one item the last wins, and each result adds up.", OneDate),
        Clause("Two writers of one item leave one of the two contents, whole", "Content is never mixed.", OneItem),
        Clause("A reader during a store sees whole items, each once", "No read is torn.", ReaderDuringStore),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Concurrency, name, promise, verify);

    private static async Task DifferentDates(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            run.StoreAsync(repository, ContractRun.Day.AddDays(number), Samples.Items(40, from: number)))).ConfigureAwait(false);
        for (int number = 0; number < results.Length; number++)
        {
            run.AllOutcomes(results[number], DigestItemOutcome.Inserted);
            run.Titles(Samples.Titles(40, from: number), await run.GetAsync(repository, ContractRun.Day.AddDays(number)).ConfigureAwait(false), "GetAsync");
        }
    }

    private static async Task OneDate(ContractRun run)
    {
        IDigestRepository[] writers = [run.Repository(), run.Repository(), run.Repository(), run.Repository()];
        StoreResult[] results = await Task.WhenAll(writers.Select((writer, number) =>
            run.StoreAsync(writer, Samples.Items(60, from: number * 30)))).ConfigureAwait(false);
        foreach (StoreResult result in results)
        {
            run.Equal(StoreStatus.Stored, result.Status, "Status");
        }

        run.SameList(
            Samples.Items(150).Select(item => item.Url),
            (await run.GetAsync(writers[0]).ConfigureAwait(false)).Select(stored => stored.Item.Url).OrderBy(url => int.Parse(url.AsSpan(url.LastIndexOf('/') + 1), CultureInfo.InvariantCulture)),
            "the URLs of the digest");
    }

    private static async Task OneItem(ContractRun run)
    {
        IDigestRepository first = run.Repository();
        IDigestRepository second = run.Repository();
        DigestItem one = Samples.Full with { Title = "one", Summary = "one", Tags = ["one"] };
        DigestItem two = Samples.Full with { Title = "two", Summary = "two", Tags = ["two"] };
        StoreResult[] results = await Task.WhenAll(run.StoreAsync(first, one), run.StoreAsync(second, two)).ConfigureAwait(false);
        run.SameList([StoreStatus.Stored, StoreStatus.Stored], results.Select(result => result.Status), "the statuses");
        DigestItem stored = run.Single(await run.GetAsync(first).ConfigureAwait(false), "GetAsync").Item;
        run.True(stored == one || stored == two, "the item", "one of the two contents", stored);
    }

    private static async Task ReaderDuringStore(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem[] before = [.. Samples.Items(300).Select(item => item with { Author = "before", Category = "before" })];
        await run.StoreAsync(repository, before).ConfigureAwait(false);

        Task<StoreResult> storing = run.StoreAsync(repository, [.. Samples.Items(400).Select(item => item with { Author = "after", Category = "after" })]);
        bool last;
        do
        {
            last = storing.IsCompleted;
            Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
            run.True(digest.Count >= 300, "the number of items during a store", "at least those from before", digest.Count);
            run.Equal(digest.Count, digest.Select(item => item.Id).Distinct().Count(), "the number of different ids");
            run.SameList([], digest.Where(item => item.Item.Author != item.Item.Category), "items of mixed content");
        }
        while (!last);

        run.Equal(StoreStatus.Stored, (await storing.ConfigureAwait(false)).Status, "Status");
        run.Equal(400, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items in the end");
    }
}
