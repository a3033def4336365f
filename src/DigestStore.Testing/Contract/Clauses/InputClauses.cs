using System.Collections;

namespace DigestStore.Testing;

internal static class InputClauses
{
    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A missing collection or stream is an ArgumentNullException", "The one mistake of a caller that is thrown.", MissingInput),
        Clause("Storing nothing succeeds without a request", "A day without links is a good day.", Nothing),
        Clause("A collection that throws half-way keeps what came before and names the error", "The caller's own defect costs only what it did not hand over.", ThrowsHalfWay),
        Clause("A collection that throws at once is a failure, not an exception", "The email goes out whatever the input does.", ThrowsAtOnce),
        Clause("A cancellation that the input throws by itself is an input error", "Only the caller's token cancels a call.", OwnCancellation),
        Clause("A collection is gone through once", "A query or a reader can be handed in.", EnumeratedOnce),
        Clause("A collection without end is read up to MaxItems", "No input can fill the memory.", WithoutEnd),
        Clause("A list that is changed after the call began does no harm", "The references are copied before anything is sent.", ChangedList),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Input, name, promise, verify);

    private static async Task MissingInput(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.ThrowsAsync<ArgumentNullException>(() => repository.StoreAsync(ContractRun.Day, (IEnumerable<DigestItem>)null!, cancellationToken: run.CancellationToken), "StoreAsync of a null collection").ConfigureAwait(false);
        await run.ThrowsAsync<ArgumentNullException>(() => repository.StoreAsync(ContractRun.Day, (IAsyncEnumerable<DigestItem>)null!, cancellationToken: run.CancellationToken), "StoreAsync of a null stream").ConfigureAwait(false);
    }

    private static async Task Nothing(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult[] results =
        [
            await run.StoreAsync(repository).ConfigureAwait(false),
            await run.StoreStreamAsync(repository, []).ConfigureAwait(false),
        ];
        foreach (StoreResult result in results)
        {
            run.Equal(StoreStatus.Stored, result.Status, "Status");
            run.Equal(0, result.Received, "Received");
            run.Equal(0, result.Cost.Requests, "Requests");
            run.Equal(0d, result.Cost.ShareOfRequestsSaved, "ShareOfRequestsSaved");
            result.EnsureStored();
        }

        run.Equal(0, (await run.GetAsync(repository).ConfigureAwait(false)).Count, "the number of items stored");
    }

    private static async Task ThrowsHalfWay(ContractRun run)
    {
        foreach (int before in new[] { 1, 16, 25, 130 })
        {
            var error = new InvalidOperationException("the feed broke");
            IDigestRepository repository = run.Repository(options => options.DigestName += "-" + Samples.Number(before));
            StoreResult result = run.CheckInvariants(await repository.StoreAsync(ContractRun.Day, ThrowingAfter(before, error), cancellationToken: run.CancellationToken).ConfigureAwait(false));
            run.Equal(before, result.Received, "Received");
            run.AllOutcomes(result, DigestItemOutcome.Inserted);
            run.Equal(StoreStatus.PartiallyStored, result.Status, "Status");
            run.True(ReferenceEquals(error, result.InputError), "InputError", "what the input threw", result.InputError);
            run.True(result.Problems.Any(problem => problem.Reason == StoreProblemReason.InputBrokeOff && problem.Index is null), "Problems", nameof(StoreProblemReason.InputBrokeOff), result.Problems);
            run.Titles(Samples.Titles(before), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
            DigestStoreException thrown = await run.ThrowsAsync<DigestStoreException>(() => Task.Run(result.EnsureStored), "EnsureStored").ConfigureAwait(false);
            run.True(ReferenceEquals(error, thrown.InnerException), "the inner exception of EnsureStored", "what the input threw", thrown.InnerException);
        }
    }

    private static async Task ThrowsAtOnce(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        var error = new InvalidOperationException("no feed at all");
        IEnumerable<DigestItem>[] inputs = [ThrowingAfter(0, error), new BrokenCollection(error)];
        foreach (IEnumerable<DigestItem> input in inputs)
        {
            StoreResult result = run.CheckInvariants(await repository.StoreAsync(ContractRun.Day, input, cancellationToken: run.CancellationToken).ConfigureAwait(false));
            run.Equal(0, result.Received, "Received");
            run.Equal(StoreStatus.Failed, result.Status, "Status");
            run.True(ReferenceEquals(error, result.InputError), "InputError", "what the input threw", result.InputError);
        }
    }

    private static async Task OwnCancellation(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        var error = new OperationCanceledException("the feed's own timeout");
        StoreResult result = run.CheckInvariants(await repository.StoreAsync(ContractRun.Day, ThrowingAfter(2, error), cancellationToken: run.CancellationToken).ConfigureAwait(false));
        run.Equal(StoreStatus.PartiallyStored, result.Status, "Status");
        run.True(ReferenceEquals(error, result.InputError), "InputError", "what the input threw", result.InputError);
        run.Titles(Samples.Titles(2), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async Task EnumeratedOnce(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        var once = new CountedCollection(Samples.Items(40));
        StoreResult result = run.CheckInvariants(await repository.StoreAsync(ContractRun.Day, once, cancellationToken: run.CancellationToken).ConfigureAwait(false));
        run.Equal(40, result.Inserted, "Inserted");
        run.Equal(1, once.Enumerations, "how often the collection was gone through");
        run.Equal(1, once.Disposals, "how often its enumerator was disposed");
    }

    private static async Task WithoutEnd(ContractRun run)
    {
        IDigestRepository repository = run.Repository(options => options.MaxItems = 60);
        StoreResult result = run.CheckInvariants(await repository.StoreAsync(ContractRun.Day, WithoutEnd(), cancellationToken: run.CancellationToken).ConfigureAwait(false));
        run.Equal(60, result.Received, "Received");
        run.AllOutcomes(result, DigestItemOutcome.Inserted);
        run.Equal(StoreStatus.PartiallyStored, result.Status, "Status");
        run.NotNull(result.InputError, "InputError");

        StoreResult exact = await run.StoreAsync(repository, Samples.Items(60)).ConfigureAwait(false);
        run.Equal(StoreStatus.Stored, exact.Status, "Status of exactly MaxItems items");
        run.Equal(null, exact.InputError, "InputError of exactly MaxItems items");
    }

    private static async Task ChangedList(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        List<DigestItem> items = [.. Samples.Items(100)];
        Task<StoreResult> storing = repository.StoreAsync(ContractRun.Day, items, cancellationToken: run.CancellationToken);
        items.Clear();
        items.Add(Samples.Item(1_000));
        StoreResult result = run.CheckInvariants(await storing.ConfigureAwait(false));
        run.Equal(null, result.InputError, "InputError");
        run.Equal(100, result.Inserted, "Inserted");
        run.Titles(Samples.Titles(100), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static IEnumerable<DigestItem> ThrowingAfter(int after, Exception error)
    {
        for (int number = 0; number < after; number++)
        {
            yield return Samples.Item(number);
        }

        throw error;
    }

    private static IEnumerable<DigestItem> WithoutEnd()
    {
        for (int number = 0; ; number = checked(number + 1))
        {
            yield return Samples.Item(number);
        }
    }

    private sealed class BrokenCollection(Exception error) : IEnumerable<DigestItem>
    {
        public IEnumerator<DigestItem> GetEnumerator() => throw error;

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class CountedCollection(DigestItem[] items) : IEnumerable<DigestItem>
    {
        public int Enumerations { get; private set; }

        public int Disposals { get; private set; }

        public IEnumerator<DigestItem> GetEnumerator()
        {
            Enumerations++;
            return Enumerate();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private IEnumerator<DigestItem> Enumerate()
        {
            try
            {
                foreach (DigestItem item in items)
                {
                    yield return item;
                }
            }
            finally
            {
                Disposals++;
            }
        }
    }
}
