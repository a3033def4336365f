namespace DigestStore.FaultTests.Child;

/// <summary>One of two processes that store and send the same days of one file at the same time.</summary>
public sealed class FilePair
{
    public const int Days = 20;
    public const int Items = 30;

    /// <summary>What each process stores for a day, call by call: new items, the same again, and other content.</summary>
    public static IReadOnlyList<int> Versions { get; } = [1, 1, 2];

    private const int AtOnce = 4;

    private readonly FileStore _store;
    private readonly int _worker;
    private readonly int _seed;

    internal FilePair(FileStore store, int worker, int seed) => (_store, _worker, _seed) = (store, worker, seed);

    internal async Task RunAsync()
    {
        // Both processes have started when this line comes.
        await Console.In.ReadLineAsync();
        int[] days = [.. Enumerable.Range(0, Days)];
        new Random(_seed).Shuffle(days);
        await Parallel.ForEachAsync(days, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (day, _) => await RunAsync(new FileRange(day, _worker, 0, Items)));
    }

    private async Task RunAsync(FileRange range)
    {
        foreach (int version in Versions)
        {
            StoreResult result = await _store.Repository.StoreAsync(range.Date, range.Items(version));
            FileWorker.Tell(new FileEvent(FileStep.Stored, range) { Version = version, Outcome = result.Status.ToString(), Counts = (result.Inserted, result.Updated, result.Unchanged) });
        }

        var options = new DeliveryOptions { WaitForHolder = TimeSpan.FromSeconds(60) };
        DeliveryResult sent = await _store.Repository.DeliverAsync(range.Date, range.Items(1), (attempt, _) =>
        {
            _store.Mail(new FileMail(range, attempt.MessageId, attempt.Fence, attempt.IsRepeat));
            return Task.FromResult(new DeliveryReceipt());
        }, options);
        FileWorker.Tell(new FileEvent(FileStep.SendEnded, range) { Outcome = sent.Outcome.ToString(), Fence = sent.Fence });
    }
}
