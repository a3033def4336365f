using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>One schedule from its first state to its last, with the oracle of the matrix.</summary>
internal sealed class SoakRun : IDisposable
{
    private readonly SoakSchedule _schedule;
    private readonly VirtualTimeProvider _clock = new();
    private readonly MemoryDatabase _database = new(new ScriptedEndpointOptions());
    private readonly RecordingLoggerFactory _log = new();
    private readonly CollectingSink _sink = new();
    private readonly FaultyServer _server;

    private SoakRun(SoakSchedule schedule)
    {
        _schedule = schedule;
        _server = new FaultyServer(schedule.Seed, _clock, _database);
    }

    /// <summary>Runs it; how the store among faults ended.</summary>
    public static async Task<StoreStatus> RunAsync(SoakSchedule schedule)
    {
        using var run = new SoakRun(schedule);
        return await run.RunAsync();
    }

    public void Dispose()
    {
        _server.Dispose();
        _log.Dispose();
    }

    private async Task<StoreStatus> RunAsync()
    {
        using var client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig
        {
            ServiceURL = "http://soak.invalid",
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            HttpClientFactory = new HandlerClientFactory(_server),
        });
        using var repository = new DigestRepository(client, _schedule.Options, new DigestStoreServices { LoggerFactory = _log, TimeProvider = _clock, DeadLetters = _schedule.HasSink ? _sink : null });
        _server.IsHealthy = true;
        Assert.Equal(StoreStatus.Stored, (await repository.StoreAsync(FaultScenario.Date, _schedule.Before)).Status);
        Dictionary<string, JsonObject> before = Records();

        _server.IsHealthy = false;
        StoreStatus status = await FaultyStoreAsync(repository);

        // Nothing waits in a healthy run, so its clock may stand still.
        _server.IsHealthy = true;
        StoreResult healed = await repository.StoreAsync(FaultScenario.Date, _schedule.Items);
        Assert.True(healed.Status == StoreStatus.Stored, $"the healthy re-run: {healed.Status}, {(healed.Problems.Count > 0 ? healed.Problems[0] : null)}");
        AssertWanted(before);
        return status;
    }

    private async Task<StoreStatus> FaultyStoreAsync(DigestRepository repository)
    {
        int requestsBefore = _server.Requests;
        int entriesBefore = _log.Entries.Count;
        TimeSpan began = _clock.Elapsed;
        StoreResult result = await _clock.RunAsync(
            () => _schedule.IsStream
                ? repository.StoreAsync(FaultScenario.Date, StreamAsync())
                : repository.StoreAsync(FaultScenario.Date, _schedule.Items));

        // (b) in time; a stream has its deadline anew with every progress.
        TimeSpan limit = WorstCase.Time(_schedule.Options, _schedule.HasSink) * (_schedule.IsStream ? _schedule.Items.Length + 2 : 1);
        Assert.InRange(_clock.Elapsed - began, TimeSpan.Zero, limit + TimeSpan.FromMilliseconds(1));

        // (c) the counts sum, (d) what is claimed is there. A stream whose deadline comes in its first window is not read on, and says so.
        Assert.True(result.InputError is null || _schedule.IsStream, $"{result.InputError}");
        Assert.InRange(result.Received, result.InputError is null ? _schedule.Items.Length : 0, _schedule.Items.Length);
        Assert.Equal(result.Received, result.Inserted + result.Updated + result.Unchanged + result.Duplicates + result.Rejected + result.Failed + result.Skipped);
        Assert.Equal(0, result.Rejected + result.Skipped);
        AssertClaims(result);

        // (e) every request is counted, and within the published bound.
        int sent = _server.Requests - requestsBefore;
        Assert.InRange(sent, 0, result.Cost.Requests);
        Assert.InRange(result.Cost.Requests, 0, WorstCase.Requests(_schedule.Options, _schedule.Items.Length, windows: _schedule.Items.Length, pages: _schedule.Items.Length));

        // (f) one entry, without content. What failed is kept.
        Assert.Single(_log.Entries.Skip(entriesBefore));
        Assert.DoesNotContain(_log.Entries, entry => entry.Message.Contains(FaultScenario.SecretMarker, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(_schedule.HasSink ? result.Failed : 0, _sink.Letters.Count);
        return result.Status;
    }

    private async IAsyncEnumerable<DigestItem> StreamAsync()
    {
        foreach (DigestItem item in _schedule.Items)
        {
            yield return item;
        }

        await Task.CompletedTask;
    }

    private void AssertClaims(StoreResult result)
    {
        Dictionary<string, JsonObject> records = Records();
        for (int index = 0; index < result.Received; index++)
        {
            if (result.Outcomes[index] is DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Unchanged)
            {
                DigestItem item = _schedule.Items[index];
                Assert.True(records.TryGetValue(item.Url, out JsonObject? record), $"item {index} is claimed and not there");
                Assert.Equal(item.Title, Text(record, "title"));
            }
        }
    }

    private void AssertWanted(Dictionary<string, JsonObject> before)
    {
        Dictionary<string, JsonObject> records = Records();
        IReadOnlyDictionary<string, DigestItem> wanted = _schedule.Wanted();
        Assert.Equal(wanted.Keys.Order(), records.Keys.Order());
        foreach ((string url, DigestItem item) in wanted)
        {
            JsonObject record = records[url];
            Assert.Equal(item.Title, Text(record, "title"));
            if (before.TryGetValue(url, out JsonObject? first))
            {
                // First-seen fields stay; a new content is one revision more, however often it was sent.
                int revisions = Text(first, "title") == item.Title ? 1 : 2;
                Assert.Equal((Text(first, "createdAt"), Number(first, "ordinal"), revisions), (Text(record, "createdAt"), Number(record, "ordinal"), Number(record, "revision")));
            }
            else
            {
                int place = _schedule.Before.Length + Array.FindIndex(_schedule.Items, candidate => candidate.Url == url);
                Assert.Equal((1, place), (Number(record, "revision"), Number(record, "ordinal")));
            }
        }
    }

    private Dictionary<string, JsonObject> Records() => _database.Items(_schedule.Options.TableName)
        .Where(record => Text(record, "sk").StartsWith("ITEM#", StringComparison.Ordinal))
        .ToDictionary(record => Text(record, "url"));

    private static string Text(JsonObject record, string name) => record[name]!["S"]!.GetValue<string>();

    private static int Number(JsonObject record, string name) => int.Parse(record[name]!["N"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
}
