namespace DigestStore.Testing;

internal static class StreamClauses
{
    // The number of items is greater than any window that an implementation is likely to keep in memory.
    private const int LongStreamLength = 4_000;

    public static IReadOnlyList<ContractClause> All { get; } =
    [
        Clause("A stream is stored like a collection", "The two overloads differ only in how the items come.", LikeCollection),
        Clause("A stream of thousands is stored in order, a second one changes nothing", "The number of parts in which a stream is stored changes no result.", LongStream),
        Clause("Copies thousands apart in a stream are one item: the last wins, the earlier is a duplicate", "A copy of an item that was already sent goes out as its update.", FarApart),
        Clause("A late copy keeps the place and the time of the first", "It is an update, not a new item.", LateCopyKeepsFirst),
        Clause("A stream that throws half-way keeps what came before and names the error", "The caller's own defect costs only what it did not hand over.", ThrowsHalfWay),
        Clause("A stream that throws at once is a failure, not an exception", "The email goes out whatever the input does.", ThrowsAtOnce),
        Clause("Invalid elements of a stream are rejected one by one", "A null in a stream costs nobody else anything.", InvalidElements),
        Clause("A stream is gone through once and its end is awaited", "What a stream holds is released.", EnumeratedOnce),
    ];

    private static ContractClause Clause(string name, string promise, Func<ContractRun, Task> verify) =>
        new(ContractTheme.Streams, name, promise, verify);

    private static async Task LikeCollection(ContractRun run)
    {
        DigestItem[] items = [Samples.Full, .. Samples.Items(40), null!, Samples.Item(3, "corrected"), Samples.Page("/relative")];
        IDigestRepository repository = run.Repository();
        IDigestRepository another = run.Repository(options => options.DigestName += "-streamed");
        StoreResult collected = await run.StoreAsync(repository, items).ConfigureAwait(false);
        StoreResult streamed = await run.StoreStreamAsync(another, items).ConfigureAwait(false);
        run.SameList(collected.Outcomes, streamed.Outcomes, "the outcomes");
        run.Equal(collected.Status, streamed.Status, "Status");
        run.SameList(await run.GetAsync(repository).ConfigureAwait(false), await run.GetAsync(another).ConfigureAwait(false), "the digests");

        run.SameList(
            (await run.StoreAsync(repository, items).ConfigureAwait(false)).Outcomes,
            (await run.StoreStreamAsync(another, items).ConfigureAwait(false)).Outcomes,
            "the outcomes of a second store");
    }

    private static async Task LongStream(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult first = await run.StoreStreamAsync(repository, Samples.Items(LongStreamLength)).ConfigureAwait(false);
        run.Equal(LongStreamLength, first.Received, "Received");
        run.AllOutcomes(first, DigestItemOutcome.Inserted);
        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.Titles(Samples.Titles(LongStreamLength), digest, "GetAsync");

        run.Clock.Advance(TimeSpan.FromHours(1));
        StoreResult again = await run.StoreStreamAsync(repository, Samples.Items(LongStreamLength)).ConfigureAwait(false);
        run.AllOutcomes(again, DigestItemOutcome.Unchanged);
        run.SameList(digest, await run.GetAsync(repository).ConfigureAwait(false), "the digest after a second store");
    }

    private static async Task FarApart(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        DigestItem[] items = [.. Samples.Items(LongStreamLength), Samples.Item(0, "again"), .. Samples.Items(50, from: 100)];
        StoreResult result = await run.StoreStreamAsync(repository, items).ConfigureAwait(false);
        run.Equal(StoreStatus.Stored, result.Status, "Status");
        run.SameList(
            items.Select((_, number) => number is 0 or (>= 100 and < 150)),
            result.Outcomes.Select(outcome => outcome == DigestItemOutcome.Duplicate),
            "which items are duplicates");
        run.Equal(51, result.Duplicates, "Duplicates");
        run.Equal(0, result.Failed, "Failed");
        run.Titles(["again", .. Samples.Titles(LongStreamLength - 1, from: 1)], await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async Task LateCopyKeepsFirst(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        await run.StoreStreamAsync(repository, AdvancingTheClock(run, Samples.Items(LongStreamLength), Samples.Item(7, "late"))).ConfigureAwait(false);
        Digest digest = await run.GetAsync(repository).ConfigureAwait(false);
        run.Titles([.. Samples.Titles(7), "late", .. Samples.Titles(LongStreamLength - 8, from: 8)], digest, "GetAsync");
        run.Equal(digest[6].CreatedAt, digest[7].CreatedAt, "CreatedAt, that of the item before it");
        run.True(digest[7].UpdatedAt >= digest[7].CreatedAt, "UpdatedAt", "not before CreatedAt", digest[7]);
    }

    private static IEnumerable<DigestItem> AdvancingTheClock(ContractRun run, IEnumerable<DigestItem> items, DigestItem last)
    {
        foreach (DigestItem item in items)
        {
            yield return item;
        }

        run.Clock.Advance(TimeSpan.FromMinutes(10));
        yield return last;
    }

    private static async Task ThrowsHalfWay(ContractRun run)
    {
        foreach (int before in new[] { 1, 30, 1_500 })
        {
            var error = new InvalidOperationException("the feed broke");
            IDigestRepository repository = run.Repository(options => options.DigestName += "-" + Samples.Number(before));
            StoreResult result = run.CheckInvariants(await repository.StoreAsync(ContractRun.Day, ThrowingAfter(before, error), cancellationToken: run.CancellationToken).ConfigureAwait(false));
            run.Equal(before, result.Received, "Received");
            run.AllOutcomes(result, DigestItemOutcome.Inserted);
            run.Equal(StoreStatus.PartiallyStored, result.Status, "Status");
            run.True(ReferenceEquals(error, result.InputError), "InputError", "what the stream threw", result.InputError);
            run.True(result.Problems.Any(problem => problem.Reason == StoreProblemReason.InputBrokeOff), "Problems", nameof(StoreProblemReason.InputBrokeOff), result.Problems);
            run.Titles(Samples.Titles(before), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
        }
    }

    private static async Task ThrowsAtOnce(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        var error = new InvalidOperationException("no feed at all");
        IAsyncEnumerable<DigestItem>[] inputs = [ThrowingAfter(0, error), new CountedStream([]) { Error = error }];
        foreach (IAsyncEnumerable<DigestItem> input in inputs)
        {
            StoreResult result = run.CheckInvariants(await repository.StoreAsync(ContractRun.Day, input, cancellationToken: run.CancellationToken).ConfigureAwait(false));
            run.Equal(0, result.Received, "Received");
            run.Equal(StoreStatus.Failed, result.Status, "Status");
            run.True(ReferenceEquals(error, result.InputError), "InputError", "what the stream threw", result.InputError);
        }
    }

    private static async Task InvalidElements(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        StoreResult result = await run.StoreStreamAsync(repository, [null!, Samples.Item(0), Samples.Item(1, ""), Samples.Item(1), Samples.Page("file:///x")]).ConfigureAwait(false);
        run.Outcomes(result, DigestItemOutcome.Rejected, DigestItemOutcome.Inserted, DigestItemOutcome.Rejected, DigestItemOutcome.Inserted, DigestItemOutcome.Rejected);
        run.Equal(StoreStatus.Stored, result.Status, "Status");
        run.SameList([0, 2, 4], result.Problems.Select(problem => problem.Index ?? -1).Order(), "Problems, the indexes");
        run.Titles(Samples.Titles(2), await run.GetAsync(repository).ConfigureAwait(false), "GetAsync");
    }

    private static async Task EnumeratedOnce(ContractRun run)
    {
        IDigestRepository repository = run.Repository();
        var stream = new CountedStream(Samples.Items(40));
        StoreResult result = run.CheckInvariants(await repository.StoreAsync(ContractRun.Day, stream, cancellationToken: run.CancellationToken).ConfigureAwait(false));
        run.Equal(40, result.Inserted, "Inserted");
        run.Equal(1, stream.Enumerations, "how often the stream was gone through");
        run.Equal(1, stream.Disposals, "how often its enumerator was disposed");
    }

    private static async IAsyncEnumerable<DigestItem> ThrowingAfter(int after, Exception error)
    {
        for (int number = 0; number < after; number++)
        {
            yield return Samples.Item(number);
        }

        await Task.Yield();
        throw error;
    }

    private sealed class CountedStream(DigestItem[] items) : IAsyncEnumerable<DigestItem>
    {
        public Exception? Error { get; init; }

        public int Enumerations { get; private set; }

        public int Disposals { get; private set; }

        public IAsyncEnumerator<DigestItem> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            Enumerations++;
            return Error is null ? Enumerate() : throw Error;
        }

        private async IAsyncEnumerator<DigestItem> Enumerate()
        {
            try
            {
                foreach (DigestItem item in items)
                {
                    await Task.Yield();
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
