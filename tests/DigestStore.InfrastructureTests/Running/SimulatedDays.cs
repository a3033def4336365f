using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Running;

/// <summary>
/// Two weeks of a daily job: at six the day's items are stored, a little later once more with corrections, the digest is read for the email and delivered, and
/// what is kept as dead letters is replayed before the next store. Most days are good.
/// </summary>
internal sealed class SimulatedDays : IAsyncDisposable
{
    public const int Count = 14;

    private readonly StoreHost _host;
    private readonly Random _random = new(20261121);
    private readonly Lock _gate = new();

    private SimulatedDays(DateOnly last)
    {
        First = last.AddDays(1 - Count);
        _host = StoreHost.Start(At(First, 5, 50));
    }

    /// <summary>The last day, which is the one that the dashboard calls today.</summary>
    public static DateOnly Today { get; } = new(2026, 11, 21);

    public DateOnly First { get; }

    /// <summary>The end of today.</summary>
    public static DateTimeOffset End => At(Today.AddDays(1), 0, 0);

    public MetricArchive Metrics { get; private set; } = new();

    public LogArchive Logs => _host.Logs;

    /// <summary>Runs the days up to <see cref="Today"/>.</summary>
    /// <param name="trouble">What goes wrong, by day; days that it does not name are good.</param>
    public static async Task<SimulatedDays> RunAsync(IReadOnlyDictionary<DateOnly, DayOfTrouble> trouble)
    {
        var days = new SimulatedDays(Today);
        for (int day = 0; day < Count; day++)
        {
            DateOnly date = days.First.AddDays(day);
            await days.RunDayAsync(date, trouble.GetValueOrDefault(date) ?? new DayOfTrouble());
        }

        days._host.WaitUntil(End - TimeSpan.FromMinutes(1));
        days.Metrics = days._host.Archive();
        return days;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static DateTimeOffset At(DateOnly date, int hour, int minute) => new(date, new TimeOnly(hour, minute), TimeSpan.Zero);

    private async Task RunDayAsync(DateOnly date, DayOfTrouble trouble)
    {
        _host.Change(trouble.Options);
        int count = 180 + (date.DayNumber * 7 % 40);
        _host.WaitUntil(At(date, 5, 55));
        Answer(static _ => Play.Healthy);
        await _host.ReplayAsync();

        _host.WaitUntil(At(date, 6, 0));
        Answer(trouble.First);
        await _host.StoreAsync(date, trouble.Change(DayOfFeeds.Items(date, count)), Named(date, "first"));
        _host.WaitUntil(At(date, 6, 20));
        Answer(trouble.Second);
        await _host.StoreAsync(date, trouble.Change(DayOfFeeds.Items(date, count + 6, edited: 4)), Named(date, "second"));

        _host.WaitUntil(At(date, 6, 30));
        await ReadAsync(date);
        await _host.DeliverAsync(
            date, trouble.Change(DayOfFeeds.Items(date, count)), (attempt, token) => trouble.Refusal is { } kind ? throw new DeliveryFailedException(kind, "The mail server refuses it.") : SendAsync(attempt, token),
            new DeliveryOptions { Owner = "email-digest-1", CorrelationId = $"{date:yyyyMMdd}-email" });
    }

    // A mail server takes some seconds.
    private async Task<DeliveryReceipt> SendAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(2 + _random.Next(4)), _host.Clock, cancellationToken);
        return new DeliveryReceipt { MessageId = attempt.MessageId };
    }

    private static StoreCallOptions Named(DateOnly date, string run) => new() { CorrelationId = $"{date:yyyyMMdd}-{run}" };

    // The email, somebody who looks for a page, an archive, and an item that has to go.
    private async Task ReadAsync(DateOnly date)
    {
        await Swallow(() => _host.CallAsync(repository => repository.GetAsync(date)));
        await Swallow(() => _host.CallAsync(repository => repository.FindAsync(date, $"https://example.com/{date:yyyy/MM/dd}/article-10")));
        await Swallow(() => _host.CallAsync(repository => repository.DeleteAsync(date, $"https://example.com/{date:yyyy/MM/dd}/article-11")));
        await Swallow(() => _host.CallAsync(async repository =>
        {
            await foreach (StoredDigestItem item in repository.ReadAsync(date))
            {
                _ = item;
            }

            return true;
        }));
    }

    private static async Task Swallow(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (DigestStoreException)
        {
            // The library has logged and counted it.
        }
    }

    // A request takes a few milliseconds, and one in fifty ten times as long.
    private void Answer(Func<RecordedRequest, Play> fault)
    {
        _host.DynamoDb.Script = request => fault(request) with { After = Latency(request.Operation) };
    }

    private TimeSpan Latency(string operation)
    {
        lock (_gate)
        {
            double milliseconds = (operation == "BatchWriteItem" ? 12 : 4) * (1 + _random.NextDouble());
            return TimeSpan.FromMilliseconds(_random.Next(50) == 0 ? 10 * milliseconds : milliseconds);
        }
    }
}

/// <summary>What goes wrong on a day; nothing by default.</summary>
internal sealed record DayOfTrouble
{
    /// <summary>What DynamoDB answers during the first store.</summary>
    public Func<RecordedRequest, Play> First { get; init; } = static _ => Play.Healthy;

    /// <summary>What it answers during the second one and after it.</summary>
    public Func<RecordedRequest, Play> Second { get; init; } = static _ => Play.Healthy;

    /// <summary>What the mail server does instead of accepting the email.</summary>
    public DeliveryFailureKind? Refusal { get; init; }

    /// <summary>What becomes of the day's items before they are stored.</summary>
    public Func<DigestItem[], DigestItem[]> Change { get; init; } = static items => items;

    /// <summary>What is deployed before the day's stores.</summary>
    public Action<DigestStoreOptions> Options { get; init; } = static _ => { };
}
