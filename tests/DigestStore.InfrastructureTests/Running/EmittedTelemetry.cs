using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Monitoring;

namespace DigestStore.InfrastructureTests.Running;

/// <summary>
/// What the real pipeline writes when everything happens to it: stores that work, fail, retry and are switched off, reads that do and do not, deliveries with
/// every outcome, letters kept, replayed and lost.
/// </summary>
internal sealed class EmittedTelemetry
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Date = new(2026, 11, 21);
    private static readonly Lazy<Task<EmittedTelemetry>> Once = new(RunAsync);

    private EmittedTelemetry()
    {
    }

    public MetricArchive Metrics { get; } = new();

    public LogArchive Logs { get; } = new();

    /// <summary>The result of one run, which all tests share.</summary>
    public static Task<EmittedTelemetry> GetAsync() => Once.Value;

    private static async Task<EmittedTelemetry> RunAsync()
    {
        var telemetry = new EmittedTelemetry();
        await telemetry.AddAsync(StoreHost.Start(Morning), EverydayAsync);
        await telemetry.AddAsync(StoreHost.Start(Morning), ThrottledAsync);
        await telemetry.AddAsync(StoreHost.Start(Morning), DeniedAsync);
        await telemetry.AddAsync(StoreHost.Start(Morning, sink: new BrokenSink()), DeniedAsync);
        await telemetry.AddAsync(StoreHost.Start(Morning), DeliveriesAsync);
        await telemetry.AddAsync(StoreHost.Start(Morning), HistoryAsync);
        await telemetry.AddAsync(StoreHost.Start(Morning), UnrecordedAsync);
        await telemetry.AddAsync(StoreHost.Start(Morning, sink: new BrokenSink()), UnrecordedAsync);
        await telemetry.AddAsync(StoreHost.Start(Morning, static options => options.Enabled = false), static host => host.StoreAsync(Date, DayOfFeeds.Items(Date, 3)));
        await telemetry.AddAsync(
            StoreHost.Start(Morning, static options => (options.Enabled, options.BatchSize) = (false, 99)), static host => host.StoreAsync(Date, DayOfFeeds.Items(Date, 3)));
        return telemetry;
    }

    private static async Task EverydayAsync(StoreHost host)
    {
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 60));
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 20, edited: 5));
        host.DynamoDb.Database.Put(StoreHost.Table, Newer());
        await host.CallAsync(static repository => repository.GetAsync(Date));
        await host.CallAsync(static repository => repository.FindAsync(Date, "https://example.com/2026/11/21/article-0"));
        await host.CallAsync(static repository => repository.DeleteAsync(Date, "https://example.com/2026/11/21/article-0"));
        await host.CallAsync(static async repository =>
        {
            await foreach (StoredDigestItem item in repository.ReadAsync(Date))
            {
                _ = item;
            }

            return true;
        });
    }

    // Each operation is turned away once, then leftovers of both kinds come back.
    private static async Task ThrottledAsync(StoreHost host)
    {
        host.DynamoDb.Script = static request => request switch
        {
            { Number: 1 } => Play.Throttled,
            { Operation: "BatchWriteItem", Number: 2 } => Play.Leave(static (_, _) => true),
            { Operation: "BatchWriteItem", Number: 3 } => Play.Leave(static (_, index) => index % 2 == 0),
            { Operation: "BatchGetItem", Number: 2 } => Play.LeaveKeys(static _ => true),
            { Operation: "BatchGetItem", Number: 3 } => Play.LeaveKeys(static index => index % 2 == 0),
            _ => Play.Healthy,
        };
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 60));
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 20));
    }

    private static async Task DeniedAsync(StoreHost host)
    {
        host.DynamoDb.Script = static request => request is { Operation: "BatchWriteItem", Number: > 1 } ? Play.Denied : Play.Healthy;
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 60));
        host.DynamoDb.Script = static _ => Play.Denied;
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 60));
        await host.CallAsync(static async repository => await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Date)));
        host.DynamoDb.Script = static _ => Play.Healthy;
        await host.ReplayAsync();
    }

    // Each day has another end, and each end is met by a later sender too.
    private static async Task DeliveriesAsync(StoreHost host)
    {
        DigestItem[] items = DayOfFeeds.Items(Date, 5);
        await host.DeliverAsync(Date, items);
        await host.DeliverAsync(Date, items);
        foreach (DeliveryFailureKind kind in Enum.GetValues<DeliveryFailureKind>())
        {
            DateOnly day = Date.AddDays(1 + (int)kind);
            await host.DeliverAsync(day, items, (_, _) => throw new DeliveryFailedException(kind, "played"));
            await host.DeliverAsync(day, items, options: new DeliveryOptions { OnUncertain = UncertainAttempt.Skip });
        }

        // A sender that does not heed its token is left.
        await host.DeliverAsync(Date.AddDays(10), items, static (_, _) => new TaskCompletionSource<DeliveryReceipt>().Task);

        // One that was killed is found by the next.
        DateOnly killed = Date.AddDays(11);
        DeliveryLease lease = await host.CallDeliveryAsync(delivery => delivery.AcquireAsync(killed));
        await host.DeliverAsync(killed, items);
        host.WaitUntil(host.Clock.GetUtcNow() + lease.Duration + lease.ClockSkewAllowance + TimeSpan.FromSeconds(1));
        await host.DeliverAsync(killed, items);
        await host.CallDeliveryAsync(delivery => delivery.CompleteAsync(lease, new DeliveryReceipt()));
        await host.CallDeliveryAsync(delivery => delivery.GetDeliveryAsync(killed));
    }

    private static async Task HistoryAsync(StoreHost host)
    {
        DigestItem[] items = DayOfFeeds.Items(Date, 5);
        await host.StoreAsync(Date, items);
        await host.DeliverAsync(Date, items);
        await host.CallHistoryAsync(history => history.FindSentAsync(Date.AddDays(1), [items[0].Url], 7));
        await host.CallHistoryAsync(history => CountAsync(history.ListDaysAsync(Date, Date)));
        await host.CallHistoryAsync(history => CountAsync(history.ReadDaysAsync(Date, Date)));
        await host.CallHistoryAsync(history => CountAsync(history.FindAllAsync("https://example.com/2026/11/21/article-0", Date, Date)));
        await host.CallHistoryAsync(history => history.GetStatisticsAsync(Date, Date));
        await host.CallHistoryAsync(history => history.DeleteDayAsync(Date));
        await host.DeliverAsync(Date, items);
    }

    private static async Task UnrecordedAsync(StoreHost host)
    {
        host.DynamoDb.Script = static _ => Play.Denied;
        await host.DeliverAsync(Date, DayOfFeeds.Items(Date, 5));
        await host.CallDeliveryAsync(static delivery => delivery.AcquireAsync(Date));
    }

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> elements)
    {
        int count = 0;
        await foreach (T element in elements)
        {
            _ = element;
            count++;
        }

        return count;
    }

    private static JsonObject Newer() => new()
    {
        ["pk"] = new JsonObject { ["S"] = "DIGEST#daily#2026-11-21" },
        ["sk"] = new JsonObject { ["S"] = "ITEM#ffffffffffffffffffffffffffffffff" },
        ["v"] = new JsonObject { ["N"] = "99" },
    };

    private async Task AddAsync(StoreHost host, Func<StoreHost, Task> use)
    {
        await using (host)
        {
            await use(host);
            _ = host.Archive();
            host.Lines.ForEach(Metrics.Add);
            Logs.Add(host.Logs);
        }
    }

    private sealed class BrokenSink : IDeadLetterSink
    {
        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default) => throw new IOException("The disk is full.");
    }
}
