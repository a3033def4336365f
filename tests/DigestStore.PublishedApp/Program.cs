// The application that DigestStore.FaultTests publishes trimmed and as native code, and runs against a server of its own. It uses the
// library as an email job does and prints what came of each step; the test knows what it has to print.
using System.Text.Json;
using DigestStore;
using DigestStore.PublishedApp;
using DigestStore.Sqlite;
using DigestStore.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var today = new DateOnly(2026, 11, 21);
DigestItem[] items =
[
    new()
    {
        Url = "https://example.com/articles/1",
        Title = "Batching writes",
        PublishedAt = new DateTimeOffset(2026, 11, 20, 8, 30, 0, TimeSpan.FromHours(1)),
        Tags = ["dynamodb", "batches"],
        Metadata = new Dictionary<string, string> { ["words"] = "1200" },
    },
    new() { Url = "http://www.example.com/articles/2/?utm_source=feed&page=1", Title = "Reading pages" },
    new() { Url = "https://example.com/articles/2?page=2", Title = "Reading pages, page two" },
    new() { Url = "https://bücher.example/", Title = "International names" },
    new() { Url = "javascript:alert(1)", Title = "Not a page" },
];

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddDigestStore(builder.Configuration.GetSection("DigestStore"))
    .AddFileDeadLetters(builder.Configuration["DeadLetters"]!)
    .AddCloudWatchMetrics(options => options.Writer = Console.Out);
builder.Services.AddHealthChecks().AddDigestStore();

using var telemetry = new TelemetryListener();
using IHost host = builder.Build();
await host.StartAsync();
IDigestRepository repository = host.Services.GetRequiredService<IDigestRepository>();

StoreResult first = await repository.StoreAsync(today, items);
Print("store", first);
Digest digest = await repository.GetAsync(today);
foreach (StoredDigestItem stored in digest)
{
    Console.WriteLine($"read: {stored.Ordinal} {stored.CanonicalUrl} revision {stored.Revision}, expires {stored.ExpiresAt - stored.UpdatedAt:%d} days after, "
        + $"published {stored.Item.PublishedAt:u}, tags [{string.Join(' ', stored.Item.Tags)}], metadata [{string.Join(' ', stored.Item.Metadata)}]");
}

Digest? readDigest = JsonSerializer.Deserialize(JsonSerializer.Serialize(digest, AppJson.Default.Digest), AppJson.Default.Digest);
StoreResult? readResult = JsonSerializer.Deserialize(JsonSerializer.Serialize(first, AppJson.Default.StoreResult), AppJson.Default.StoreResult);
Console.WriteLine($"json: {readDigest?.Date:O}, {readDigest?.SequenceEqual(digest)}, {readResult}");

Console.WriteLine($"find: {(await repository.FindAsync(today, items[1].Url))?.Item.Title}");
Console.WriteLine($"delete: {await repository.DeleteAsync(today, items[0].Url)}");
DigestStatistics statistics = await repository.GetStatisticsAsync(today);
Console.WriteLine($"statistics: {statistics.Items} items");

// The server refuses every write of the next call.
Print("store while the table is throttled", await repository.StoreAsync(today, items));
DeadLetterReplayResult replayed = await host.Services.GetRequiredService<DeadLetterReplay>().RunAsync();
Console.WriteLine($"replay: {replayed.Letters} letters, {replayed.Stored} stored, {replayed.Kept} kept");
Print("store a stream", await repository.StoreAsync(today, items.ToAsyncEnumerable()));

HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
Console.WriteLine($"health: {health.Status}");

using var memory = new InMemoryDigestRepository();
Print("store in memory", await memory.StoreAsync(today, items));

// Twice: the second time, the file is there already.
for (int run = 0; run < 2; run++)
{
    await using var file = new SqliteDigestRepository(builder.Configuration["File"]!);
    Print("store in a file", await file.StoreAsync(today, items));
    DeliveryResult delivered = await file.DeliverAsync(today, items[..4], static (_, _) => Task.FromResult(new DeliveryReceipt()));
    Console.WriteLine($"file: {(await file.GetAsync(today)).Count} items, {delivered.Outcome}");
}

await host.StopAsync();
Console.WriteLine($"instruments: {telemetry.Instruments}");
Console.WriteLine($"spans: {telemetry.Spans}");

static void Print(string step, StoreResult result) =>
    Console.WriteLine($"{step}: {result.Status}, {result.Inserted} inserted, {result.Unchanged} unchanged, {result.Duplicates} duplicate, {result.Rejected} rejected, {result.Failed} failed, "
        + $"{result.DeadLettered} dead letters, [{string.Join(' ', result.Problems.Select(problem => problem.Reason).Distinct())}]");
