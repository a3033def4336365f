using System.Runtime.CompilerServices;

namespace DigestStore.Testing;

internal static class CancelingClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A store canceled before it began stores nothing and says so", "DigestStoreCanceledException carries the true result.", BeforeStore),
        Clause("A store canceled half-way says truly what is stored", "What the result claims is in the storage, and storing again completes it.", HalfWay),
        Clause("Canceled reads and deletes throw and change nothing", "A cancellation is never an empty digest.", Reads),
        Clause("A deadline that is over fails every item and throws nothing", "The caller's time is respected, and no item is lost without notice.", DeadlineOver),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Canceling, name, promise, verify);

    private static async Task BeforeStore(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        var canceled = new CancellationToken(canceled: true);
        Func<Task>[] stores =
        [
            () => repository.StoreAsync(ContractRun.Day, Samples.Items(3), cancellationToken: canceled),
            () => repository.StoreAsync(ContractRun.Day, Samples.Stream(Samples.Items(3)), cancellationToken: canceled),
        ];
        foreach (Func<Task> store in stores)
        {
            DigestStoreCanceledException thrown = await run.ThrowsAsync<DigestStoreCanceledException>(store, "StoreAsync with a canceled token").ConfigureAwait(false);
            StoreResult result = run.CheckInvariants(thrown.Result);
            run.AllOutcomes(result, DigestItemOutcome.Failed);
            run.Equal(0, result.Cost.Requests, "Requests");
            run.Equal(canceled, thrown.CancellationToken, "the token of the exception");
        }

        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items stored");
    }

    private static async Task HalfWay(ContractRun run)
    {
        const int count = 3_000;
        IDigestRepository repository = run.Repository();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(run.CancellationToken);
        DigestItem[] items = Samples.Items(count);
        DigestStoreCanceledException thrown = await run.ThrowsAsync<DigestStoreCanceledException>(
            () => repository.StoreAsync(ContractRun.Day, CancelingAt(items, count - 10, source), cancellationToken: source.Token),
            "StoreAsync whose token fires half-way").ConfigureAwait(false);

        StoreResult result = run.CheckInvariants(thrown.Result);
        HashSet<string> stored = [.. (await run.GetAsync(repository).ConfigureAwait(false)).Select(item => item.Item.Url)];
        run.True(result.Received < count, "Received", "fewer than were to come", result.Received);
        run.SameList(
            [],
            items.Take(result.Received).Where((item, number) => result.Outcomes[number] == DigestItemOutcome.Inserted && !stored.Contains(item.Url)).Select(item => item.Url),
            "items that are claimed to be stored and are not");
        run.Equal(result.Received, result.Inserted + result.Failed, "the number of inserted and failed items");

        StoreResult again = await run.StoreAsync(repository, items).ConfigureAwait(false);
        run.Equal(StoreStatus.Stored, again.Status, "Status of the next store");
        run.Equal(count, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items after the next store");
    }

    private static async IAsyncEnumerable<DigestItem> CancelingAt(DigestItem[] items, int place, CancellationTokenSource source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int number = 0; number < items.Length; number++)
        {
            if (number == place)
            {
                await source.CancelAsync().ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }

            yield return items[number];
        }
    }

    private static async Task Reads(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreAsync(repository, Samples.Items(3)).ConfigureAwait(false);
        DigestItemId id = DigestItemId.Create(Samples.Url(1));
        var canceled = new CancellationToken(canceled: true);
        await run.ThrowsAsync<OperationCanceledException>(() => repository.GetAsync(ContractRun.Day, canceled), "GetAsync").ConfigureAwait(false);
        await run.ThrowsAsync<OperationCanceledException>(() => ReadAllAsync(repository.ReadAsync(ContractRun.Day, canceled)), "ReadAsync").ConfigureAwait(false);
        await run.ThrowsAsync<OperationCanceledException>(() => ReadAllAsync(WithToken(repository, canceled)), "ReadAsync with a token of the enumeration").ConfigureAwait(false);
        await run.ThrowsAsync<OperationCanceledException>(() => repository.FindAsync(ContractRun.Day, Samples.Url(1), canceled), "FindAsync by URL").ConfigureAwait(false);
        await run.ThrowsAsync<OperationCanceledException>(() => repository.FindAsync(ContractRun.Day, id, canceled), "FindAsync by id").ConfigureAwait(false);
        await run.ThrowsAsync<OperationCanceledException>(() => repository.DeleteAsync(ContractRun.Day, Samples.Url(1), canceled), "DeleteAsync by URL").ConfigureAwait(false);
        await run.ThrowsAsync<OperationCanceledException>(() => repository.DeleteAsync(ContractRun.Day, id, canceled), "DeleteAsync by id").ConfigureAwait(false);
        run.Titles(Samples.Titles(3), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async IAsyncEnumerable<StoredDigestItem> WithToken(IDigestRepository repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoredDigestItem item in repository.ReadAsync(ContractRun.Day, CancellationToken.None).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return item;
        }
    }

    private static async Task ReadAllAsync(IAsyncEnumerable<StoredDigestItem> items)
    {
        await foreach (StoredDigestItem _ in items.ConfigureAwait(false))
        {
        }
    }

    private static async Task DeadlineOver(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult result = run.CheckInvariants(await repository.StoreAsync(
            ContractRun.Day, Samples.Items(3), new StoreCallOptions { Deadline = TimeSpan.Zero }, run.CancellationToken).ConfigureAwait(false));
        run.AllOutcomes(result, DigestItemOutcome.Failed);
        run.Equal(StoreStatus.Failed, result.Status, "Status");
        run.SameList(
            Enumerable.Repeat(StoreProblemReason.DeadlineExceeded, 3),
            result.Problems.Where(problem => problem.Index is not null).Select(problem => problem.Reason),
            "Problems, the reasons");
        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items stored");
    }
}
