using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.InfrastructureTests.Monitoring;
using DigestStore.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DigestStore.InfrastructureTests.Running;

/// <summary>
/// The library as an application has it, with dead letters in files, metrics and a log of JSON, on a virtual clock and over a DynamoDB that plays what it is
/// told to. What it writes is kept as CloudWatch would keep it.
/// </summary>
internal sealed class StoreHost : IAsyncDisposable
{
    public const string Table = "digests";

    private readonly StringWriter _written = new() { NewLine = "\n" };
    private readonly ServiceProvider _services;
    private Action<DigestStoreOptions> _change = static _ => { };

    private StoreHost(DateTimeOffset start, Action<DigestStoreOptions>? configure, IDeadLetterSink? sink)
    {
        Clock = new VirtualTimeProvider(start);
        DynamoDb = new PlayedDynamoDb(Clock);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddLogging(logging => logging.AddProvider(new LogCapture(line => Logs.Add(Clock.GetUtcNow(), line))));
        services.AddSingleton<IAmazonDynamoDB>(new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig
        {
            ServiceURL = "http://dynamodb.invalid",
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            AllowAutoRedirect = false,
            HttpClientFactory = DynamoDb.Clients,
        }));
        IDigestStoreBuilder store = services.AddDigestStore(options =>
        {
            options.TableName = Table;
            options.Caller = "email-digest";
            configure?.Invoke(options);
            _change(options);
        });
        store.AddCloudWatchMetrics(options => options.Writer = _written);
        if (sink is not null)
        {
            services.AddSingleton(sink);
        }

        store.AddFileDeadLetters(Letters.FullName);
        _services = services.BuildServiceProvider();
        Metrics = _services.GetRequiredService<CloudWatchMetrics>();
        Repository = _services.GetRequiredService<IDigestRepository>();
    }

    /// <summary>Where the dead letters are.</summary>
    public DirectoryInfo Letters { get; } = Directory.CreateTempSubdirectory("digest-store-letters-");

    public VirtualTimeProvider Clock { get; }

    public PlayedDynamoDb DynamoDb { get; }

    public IDigestRepository Repository { get; }

    /// <summary>The log so far.</summary>
    public LogArchive Logs { get; } = new();

    /// <summary>The lines of the embedded metric format, those that <see cref="Archive"/> has taken.</summary>
    public List<string> Lines { get; } = [];

    private CloudWatchMetrics Metrics { get; }

    // Nothing else takes part. Saying so makes the clock wait longer before it jumps to a time-out, which a thread that a busy machine has put aside needs.
    private static Func<bool> NothingElse => static () => false;

    public static StoreHost Start(DateTimeOffset start, Action<DigestStoreOptions>? configure = null, IDeadLetterSink? sink = null) => new(start, configure, sink);

    /// <summary>Calls the store, while the clock jumps from timer to timer.</summary>
    public Task<T> CallAsync<T>(Func<IDigestRepository, Task<T>> call) => Clock.RunAsync(() => call(Repository), NothingElse);

    public Task<StoreResult> StoreAsync(DateOnly date, IReadOnlyList<DigestItem> items, StoreCallOptions? options = null) => CallAsync(repository => repository.StoreAsync(date, items, options));

    /// <summary>Delivers a day by a sender that succeeds, or by another one.</summary>
    public Task<DeliveryResult> DeliverAsync(
        DateOnly date, IReadOnlyCollection<DigestItem> items, Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>>? send = null, DeliveryOptions? options = null) =>
        CallDeliveryAsync(delivery => delivery.DeliverAsync(date, items, send ?? (static (_, _) => Task.FromResult(new DeliveryReceipt())), options));

    public Task<T> CallDeliveryAsync<T>(Func<IDigestDelivery, Task<T>> call) => Clock.RunAsync(() => call(_services.GetRequiredService<IDigestDelivery>()), NothingElse);

    public Task<T> CallHistoryAsync<T>(Func<IDigestHistory, Task<T>> call) => Clock.RunAsync(() => call(_services.GetRequiredService<IDigestHistory>()), NothingElse);

    public Task<DeadLetterReplayResult> ReplayAsync() => Clock.RunAsync(() => _services.GetRequiredService<DeadLetterReplay>().RunAsync(), NothingElse);

    /// <summary>Deploys other options: those of the start, changed.</summary>
    public void Change(Action<DigestStoreOptions> change)
    {
        _change = change;
        _services.GetRequiredService<IOptionsMonitorCache<DigestStoreOptions>>().Clear();
    }

    /// <summary>Moves the clock to a time; the metrics are written on their interval meanwhile.</summary>
    public void WaitUntil(DateTimeOffset time) => Clock.Advance(time - Clock.GetUtcNow());

    /// <summary>What the metrics are by now, as CloudWatch has them.</summary>
    public MetricArchive Archive()
    {
        Metrics.Flush();
        Lines.AddRange(_written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        _written.GetStringBuilder().Clear();
        var archive = new MetricArchive();
        Lines.ForEach(archive.Add);
        return archive;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        DynamoDb.Dispose();
        await _written.DisposeAsync();
        Letters.Delete(recursive: true);
    }
}
