using System.Diagnostics;
using System.Text.Json.Nodes;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>The library's own client against a scripted endpoint, with the oracle that every row of the matrix must satisfy.</summary>
internal sealed class FaultScenario : IAsyncDisposable
{
    public const string SecretMarker = "s3cr3t";
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    private readonly DigestStoreOptions _options;

    private FaultScenario(Action<DigestStoreOptions>? configure, IDeadLetterSink? deadLetters, ScriptedEndpointOptions? endpoint)
    {
        Server = ScriptedEndpoint.Start(endpoint);
        _options = new DigestStoreOptions
        {
            ServiceUrl = Server.Uri.AbsoluteUri,
            TableName = "digests",
            Deadline = TimeSpan.FromSeconds(5),
            AttemptTimeout = TimeSpan.FromMilliseconds(400),
            RetryDelay = TimeSpan.FromMilliseconds(5),
            ThrottleDelay = TimeSpan.FromMilliseconds(10),
            MaxRetryDelay = TimeSpan.FromMilliseconds(50),
        };
        configure?.Invoke(_options);
        Repository = new DigestRepository(new OwnClientSource(), () => _options, Log, null, deadLetters);
    }

    public static DateOnly Date { get; } = new(2026, 11, 21);

    public ScriptedEndpoint Server { get; }

    public DigestRepository Repository { get; }

    public RecordingLoggerFactory Log { get; } = new();

    public static FaultScenario Start(Action<DigestStoreOptions>? configure = null, IDeadLetterSink? deadLetters = null, ScriptedEndpointOptions? endpoint = null) =>
        new(configure, deadLetters, endpoint);

    public static DigestItem[] Items(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(n => new DigestItem { Url = $"https://example.com/{SecretMarker}/{n}", Title = $"{SecretMarker} title {n}", Summary = new string('x', 100) })];

    /// <summary>Stores, and checks what must hold whatever happens.</summary>
    public async Task<StoreResult> StoreAsync(IReadOnlyList<DigestItem> items, StoreCallOptions? call = null)
    {
        int requestsBefore = Server.Requests.Count;
        int entriesBefore = Log.Entries.Count;
        long started = Stopwatch.GetTimestamp();
        StoreResult result = await Repository.StoreAsync(Date, items, call, TestContext.Current.CancellationToken);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);

        // (b) back in time, (c) the counts sum, (d) nothing is claimed that is not there, (e) no request that is not counted, (f) one entry.
        Assert.True(elapsed <= (call?.Deadline ?? _options.Deadline) + Slack, $"took {elapsed}");
        Assert.Equal(items.Count, result.Received);
        Assert.Equal(items.Count, result.Outcomes.Count);
        Assert.Equal(result.Received, result.Inserted + result.Updated + result.Unchanged + result.Duplicates + result.Rejected + result.Failed + result.Skipped);
        AssertClaimsAreTrue(items, result);
        Assert.True(Server.Requests.Count - requestsBefore <= result.Requests, $"the server saw {Server.Requests.Count - requestsBefore} requests, the result counts {result.Requests}");
        Assert.Single(Log.Entries.Skip(entriesBefore));
        Assert.DoesNotContain(Log.Entries, entry => entry.Message.Contains(SecretMarker, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(result.Problems, problem => problem.Message.Contains(SecretMarker, StringComparison.OrdinalIgnoreCase));
        return result;
    }

    /// <summary>The item records that the server has.</summary>
    public IReadOnlyList<JsonObject> ServerItems() =>
        [.. Server.Database.Items(_options.TableName).Where(item => item["sk"]!["S"]!.GetValue<string>().StartsWith(RecordKeys.ItemPrefix, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        Repository.Dispose();
        await Server.DisposeAsync();
    }

    private void AssertClaimsAreTrue(IReadOnlyList<DigestItem> items, StoreResult result)
    {
        HashSet<string> titles = [.. ServerItems().Select(item => item["title"]!["S"]!.GetValue<string>())];
        for (int index = 0; index < items.Count; index++)
        {
            if (result.Outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged)
            {
                Assert.Contains(items[index].Title, titles);
            }
        }
    }
}
