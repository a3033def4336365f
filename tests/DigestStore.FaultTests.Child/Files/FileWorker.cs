namespace DigestStore.FaultTests.Child;

/// <summary>
/// Stores, sends and replays at random until the process is killed, and tells what it begins and what was acknowledged to it. A hasty worker
/// says that a store call is done when it begins: it is there to see that its parent notices.
/// </summary>
internal sealed class FileWorker(FileStore store, int round, int worker, int seed, bool isHasty)
{
    private const int FirstDays = 6;
    private const int DaysPerRound = 2;
    private const int LargestStore = 60;
    private const int LargestEmail = 20;
    private const int PerRound = 10_000;

    private readonly Random _random = new(seed);
    private int _version = round * PerRound;
    private int _letter = round * PerRound;
    private FileEvent? _stored;

    public async Task RunAsync()
    {
        while (true)
        {
            Task step = _random.Next(20) switch
            {
                < 8 => StoreAsync(NextRange(LargestStore), ++_version),
                8 when _stored is { } last => StoreAsync(last.Range, last.Version),
                < 12 => DeliverAsync(NextRange(LargestEmail)),
                < 15 => StepsAsync(NextRange(LargestEmail)),
                15 => WriteLettersAsync(),
                16 => MailUnrecordedAsync(NextRange(LargestEmail)),
                17 or 18 when worker == 0 => ReplayAsync(),
                _ => StoreAsync(NextRange(LargestEmail), ++_version),
            };
            await step;
        }
    }

    public static void Tell(FileEvent happened) => Console.WriteLine(happened);

    private FileRange NextRange(int largest) => new((round * DaysPerRound) + _random.Next(FirstDays), worker, _random.Next(LargestStore), _random.Next(1, largest + 1));

    private async Task StoreAsync(FileRange range, int version)
    {
        var begun = new FileEvent(FileStep.StoreBegun, range) { Version = version };
        Tell(begun);
        Task<StoreResult> storing = store.Repository.StoreAsync(range.Date, range.Items(version));
        FileEvent done = begun with { Step = FileStep.Stored, Outcome = nameof(StoreStatus.Stored) };
        if (isHasty)
        {
            Tell(done);
        }

        StoreResult result = await storing;
        if (!isHasty)
        {
            Tell(done with { Outcome = result.Status.ToString(), Counts = (result.Inserted, result.Updated, result.Unchanged) });
        }

        _stored = begun;
    }

    private async Task DeliverAsync(FileRange range)
    {
        var begun = new FileEvent(FileStep.SendBegun, range);
        Tell(begun);
        DeliveryResult result = await store.Repository.DeliverAsync(range.Date, range.Items(0), (attempt, _) => SendAsync(attempt, range), Options);
        Tell(begun with { Step = FileStep.SendEnded, Outcome = result.Outcome.ToString(), Fence = result.Fence });
    }

    private Task<DeliveryReceipt> SendAsync(DeliveryAttempt attempt, FileRange range)
    {
        int end = _random.Next(6);
        if (end == 0)
        {
            throw new DeliveryFailedException(DeliveryFailureKind.Retry, "The mail server is busy.");
        }

        store.Mail(new FileMail(range, attempt.MessageId, attempt.Fence, attempt.IsRepeat));
        return end == 1 ? throw new IOException("The answer of the mail server was lost.") : Task.FromResult(new DeliveryReceipt());
    }

    // The same in single steps.
    private async Task StepsAsync(FileRange range)
    {
        var begun = new FileEvent(FileStep.SendBegun, range);
        FileEvent ended = begun with { Step = FileStep.SendEnded };
        Tell(begun);
        DeliveryLease lease = await store.Repository.AcquireAsync(range.Date, Options);
        if (lease.Outcome != DeliveryLeaseOutcome.Granted)
        {
            Tell(ended with { Outcome = lease.Outcome.ToString() });
            return;
        }

        Tell(begun with { Step = FileStep.Granted, Fence = lease.Fence });
        DeliveryChange announced = await store.Repository.AnnounceAsync(lease, range.Items(0));
        Tell(begun with { Step = FileStep.Announced, Outcome = announced.Outcome.ToString(), Fence = lease.Fence });
        if (_random.Next(4) == 0)
        {
            await store.Repository.RenewAsync(lease, "half");
        }

        store.Mail(new FileMail(range, lease.MessageId, lease.Fence, lease.IsRepeat));
        DeliveryChange completed = await store.Repository.CompleteAsync(lease, new DeliveryReceipt());
        Tell(ended with { Outcome = completed.IsRecorded ? nameof(DeliveryOutcome.Delivered) : completed.Outcome.ToString(), Fence = lease.Fence });
    }

    // Items that no store call of a worker has, since a letter of a store that was switched off does not know the record it would replace.
    private async Task WriteLettersAsync()
    {
        FileRange range = NextRange(LargestEmail) with { From = _letter };
        _letter += range.Count;
        var begun = new FileEvent(FileStep.LettersBegun, range);
        Tell(begun);
        StoreResult result = await store.Disabled.StoreAsync(range.Date, range.Items(0));
        if (_random.Next(3) == 0)
        {
            result = await store.Disabled.StoreAsync(range.Date, range.Items(0));
        }

        Tell(begun with { Step = FileStep.Lettered, Outcome = result.DeadLettered == range.Count ? "All" : "Some" });
    }

    private async Task MailUnrecordedAsync(FileRange range)
    {
        var begun = new FileEvent(FileStep.UnrecordedSendBegun, range);
        Tell(begun);
        DeliveryResult result = await store.Disabled.DeliverAsync(range.Date, range.Items(0), (attempt, _) =>
        {
            store.Mail(new FileMail(range, attempt.MessageId, attempt.Fence, attempt.IsRepeat));
            return Task.FromResult(new DeliveryReceipt());
        });
        Tell(begun with { Step = FileStep.SendLettered, Outcome = result.IsDeadLettered ? "All" : "None" });
    }

    private async Task ReplayAsync()
    {
        var begun = new FileEvent(FileStep.ReplayBegun, new FileRange(0, worker, 0, 0));
        Tell(begun);
        DeadLetterReplayResult result = await store.ReplayAsync();
        Tell(begun with { Step = FileStep.Replayed, Outcome = result.Unreadable + result.Rejected == 0 ? "All" : "Some" });
    }

    // A day is not given up, however often its sender is killed.
    private static DeliveryOptions Options { get; } = new() { MaxAttempts = 1_000 };
}
