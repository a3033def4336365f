using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Running;

/// <summary>What the real pipeline writes when everything happens to it: stores that work, fail, retry and are switched off, reads that do and do not, letters kept, replayed and lost.</summary>
internal sealed class EmittedTelemetry
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Date = new(2026, 11, 21);
    private static readonly Lazy<Task<EmittedTelemetry>> Once = new(RunAsync);
    private static readonly string[] Operations = ["Query", "BatchGetItem", "BatchWriteItem", "UpdateItem"];

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
        await telemetry.AddAsync(StoreHost.Start(Morning, static options => options.Enabled = false), static host => host.StoreAsync(Date, DayOfFeeds.Items(Date, 3)));
        await telemetry.AddAsync(
            StoreHost.Start(Morning, static options => (options.Enabled, options.BatchSize) = (false, 99)), static host => host.StoreAsync(Date, DayOfFeeds.Items(Date, 3)));
        return telemetry;
    }

    private static async Task EverydayAsync(StoreHost host)
    {
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 60));
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 20, edited: 5));
        host.Server.Database.Put(StoreHost.Table, Newer());
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
        foreach (string operation in Operations)
        {
            host.Server.On(operation).Nth(1).Answer(Fault.Throttle());
        }

        host.Server.On("BatchWriteItem").Nth(2).Answer(Fault.Unprocessed());
        host.Server.On("BatchWriteItem").Nth(3).Answer(Fault.Unprocessed(0.5));
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 60));
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 20));
    }

    private static async Task DeniedAsync(StoreHost host)
    {
        host.Server.On("BatchWriteItem").From(2).Answer(Fault.Error("AccessDeniedException"));
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 60));
        host.Server.OnAny().Answer(Fault.Error("AccessDeniedException"));
        await host.StoreAsync(Date, DayOfFeeds.Items(Date, 60));
        await host.CallAsync(static async repository => await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Date)));
        host.Server.ClearRules();
        await host.ReplayAsync();
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
