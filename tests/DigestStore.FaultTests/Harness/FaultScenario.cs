using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>The library's own client against a scripted endpoint, with the oracle that every row of the matrix must satisfy.</summary>
internal sealed class FaultScenario : IAsyncDisposable
{
    public const string SecretMarker = "s3cr3t";

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly VirtualTimeProvider? _clock;

    private FaultScenario(
        Action<DigestStoreOptions>? configure, IDeadLetterSink? deadLetters, ScriptedEndpointOptions? endpoint, TimeProvider? time, ITableSource? tables, Func<Uri, IAmazonDynamoDB>? client)
    {
        Server = ScriptedEndpoint.Start(endpoint);
        _clock = time as VirtualTimeProvider;
        Options = new DigestStoreOptions
        {
            ServiceUrl = Server.Uri.AbsoluteUri,
            TableName = "digests",
            Deadline = TimeSpan.FromSeconds(25),

            // None is due unless a test sets its own, so that a busy machine adds no retries to the counts.
            AttemptTimeout = TimeSpan.FromSeconds(20),
            RetryDelay = TimeSpan.FromMilliseconds(5),
            ThrottleDelay = TimeSpan.FromMilliseconds(10),
            MaxRetryDelay = TimeSpan.FromMilliseconds(50),
        };
        configure?.Invoke(Options);
        Options.AttemptTimeout = Options.AttemptTimeout < Options.Deadline ? Options.AttemptTimeout : Options.Deadline;
        Repository = client is null
            ? new DigestRepository(tables ?? new OwnClientSource(), () => Options, new DigestStoreServices { LoggerFactory = Log, TimeProvider = time, DeadLetters = deadLetters })
            : new DigestRepository(client(Server.Uri), Options, new DigestStoreServices { LoggerFactory = Log, TimeProvider = time, DeadLetters = deadLetters });
    }

    public static DateOnly Date { get; } = new(2026, 11, 21);

    public ScriptedEndpoint Server { get; }

    public DigestRepository Repository { get; }

    public RecordingLoggerFactory Log { get; } = new();

    /// <summary>What the next call reads; another object is a reload.</summary>
    public DigestStoreOptions Options { get; set; }

    /// <summary>False for an injected client that sends more than it is asked to.</summary>
    public bool AllSendsAreCounted { get; init; } = true;

    public static FaultScenario Start(
        Action<DigestStoreOptions>? configure = null, IDeadLetterSink? deadLetters = null, ScriptedEndpointOptions? endpoint = null, TimeProvider? time = null, ITableSource? tables = null) =>
        new(configure, deadLetters, endpoint, time, tables, client: null);

    /// <summary>
    /// On a virtual clock, the server's slow answers too: for tests of what happens in time, or of so many rounds that a busy machine
    /// would not finish them in it. Store with <see cref="StoreOnVirtualTimeAsync"/>. Choose a second or more for a time-out that must not
    /// come before its request is at the server: the clock waits longer before a jump that far.
    /// </summary>
    public static FaultScenario StartOnVirtualTime(Action<DigestStoreOptions>? configure = null, IDeadLetterSink? deadLetters = null)
    {
        var clock = new VirtualTimeProvider();
        return new FaultScenario(configure, deadLetters, new ScriptedEndpointOptions { Time = clock }, clock, null, null);
    }

    /// <summary>The host's own client instead of the library's.</summary>
    public static FaultScenario StartWithClient(
        Func<Uri, IAmazonDynamoDB> client, Action<DigestStoreOptions>? configure = null, bool allSendsAreCounted = true, IDeadLetterSink? deadLetters = null) =>
        new(configure, deadLetters, null, null, null, client) { AllSendsAreCounted = allSendsAreCounted };

    public static DigestItem[] Items(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(n => new DigestItem { Url = $"https://example.com/{SecretMarker}/{n}", Title = $"{SecretMarker} title {n}", Summary = new string('x', 100) })];

    /// <summary>Stores, and checks what must hold whatever happens.</summary>
    /// <param name="items">What is stored.</param>
    /// <param name="call">The call's own options.</param>
    /// <param name="notices">How many log entries are expected beside the call's own.</param>
    public Task<StoreResult> StoreAsync(IReadOnlyList<DigestItem> items, StoreCallOptions? call = null, int notices = 0) =>
        ObserveAsync(items, () => Repository.StoreAsync(Date, items, call, TestContext.Current.CancellationToken), call, notices);

    /// <summary>The same while the virtual clock jumps from timer to timer.</summary>
    public Task<StoreResult> StoreOnVirtualTimeAsync(IReadOnlyList<DigestItem> items, StoreCallOptions? call = null) =>
        _clock!.RunAsync(() => StoreAsync(items, call), () => Server.IsBusy);

    /// <summary>The same for a store that the caller's token ends.</summary>
    public Task<StoreResult> StoreUntilCanceledAsync(IReadOnlyList<DigestItem> items, CancellationToken cancellationToken) =>
        ObserveAsync(items, async () => (await Assert.ThrowsAsync<DigestStoreCanceledException>(() => Repository.StoreAsync(Date, items, null, cancellationToken))).Result);

    /// <summary>The oracle around any way to store.</summary>
    public async Task<StoreResult> ObserveAsync(IReadOnlyList<DigestItem> items, Func<Task<StoreResult>> store, StoreCallOptions? call = null, int notices = 0)
    {
        DigestStoreOptions options = Options;
        int requestsBefore = Server.Requests.Count;
        int entriesBefore = Log.Entries.Count;
        var time = RealTime.Start();
        TimeSpan? began = _clock?.Elapsed;
        StoreResult result = await store();

        // (b) back in time, (c) the counts sum, (d) nothing is claimed that is not there, (e) no request that is not counted, (f) one entry.
        TimeSpan deadline = call?.Deadline ?? options.Deadline;
        if (_clock is null)
        {
            time.AssertWithin(deadline);
        }
        else
        {
            Assert.InRange(_clock.Elapsed - began!.Value, TimeSpan.Zero, deadline + Millisecond);
        }

        Assert.Equal(items.Count, result.Received);
        Assert.Equal(items.Count, result.Outcomes.Count);
        Assert.Equal(result.Received, result.Inserted + result.Updated + result.Unchanged + result.Duplicates + result.Rejected + result.Failed + result.Skipped);
        AssertClaimsAreTrue(items, result, options.TableName);
        Assert.True(!AllSendsAreCounted || Server.Requests.Count - requestsBefore <= result.Cost.Requests, $"the server saw {Server.Requests.Count - requestsBefore} requests, the result counts {result.Cost.Requests}");
        Assert.Equal(1 + notices, Log.Entries.Skip(entriesBefore).Count());
        Assert.DoesNotContain(Log.Entries, entry => entry.Message.Contains(SecretMarker, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(result.Problems, problem => problem.Message.Contains(SecretMarker, StringComparison.OrdinalIgnoreCase));
        return result;
    }

    /// <summary>The item records that the server has.</summary>
    public IReadOnlyList<JsonObject> ServerItems(string? table = null) =>
        [.. Server.Database.Items(table ?? Options.TableName).Where(item => item["sk"]!["S"]!.GetValue<string>().StartsWith(RecordKeys.ItemPrefix, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        Repository.Dispose();
        await Server.DisposeAsync();
    }

    private void AssertClaimsAreTrue(IReadOnlyList<DigestItem> items, StoreResult result, string table)
    {
        HashSet<string> titles = [.. ServerItems(table).Select(item => item["title"]!["S"]!.GetValue<string>())];
        for (int index = 0; index < items.Count; index++)
        {
            if (result.Outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged)
            {
                Assert.Contains(items[index].Title, titles);
            }
        }
    }
}
