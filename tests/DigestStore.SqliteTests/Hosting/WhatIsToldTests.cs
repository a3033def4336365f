using System.Diagnostics;
using DigestStore.Sqlite;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.SqliteTests.Hosting;

/// <summary>What results, exceptions, health checks and telemetry say of a table in a file: nothing of AWS.</summary>
public sealed class WhatIsToldTests : IDisposable
{
    private static readonly DateOnly Date = new(2026, 11, 28);
    private static readonly DigestItem Link = new() { Url = "https://example.com/", Title = "A page" };
    private readonly TemporaryFile _file = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Metrics_and_spans_name_SQLite_and_the_operations_that_every_table_has()
    {
        using var meters = new MeterRecorder();
        using var spans = new SpanRecorder();
        await using var repository = new SqliteDigestRepository(_file.Path, services: new DigestStoreServices { MeterFactory = meters });

        await repository.StoreAsync(Date, [Link], cancellationToken: Token);
        await repository.GetAsync(Date, Token);
        await repository.DeliverAsync(Date, [Link], static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: Token);

        IReadOnlyList<MeterRecorder.Measurement> requests = meters.Of("db.client.operation.duration");
        Assert.All(requests, static request => Assert.Contains("db.system.name=sqlite", request.Tags));
        Assert.Equal(
            ["db.operation.name=BatchGetItem", "db.operation.name=BatchWriteItem", "db.operation.name=Query", "db.operation.name=UpdateItem"],
            requests.Select(static request => request.Tags[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.True(meters.Sum("digeststore.consumed_capacity", "table=digests") > 0);
        Assert.Equal(3, spans.Spans.Count);
        Assert.All(spans.Spans, static span => Assert.Equal(("sqlite", "digests"), (span.GetTagItem("db.system.name"), span.GetTagItem("db.collection.name"))));
        Assert.All(spans.Spans, static span => Assert.DoesNotContain(span.Tags, static tag => tag.Key.StartsWith("aws.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_health_check_of_a_store_in_a_file_is_healthy_while_the_file_can_be_read()
    {
        await using ServiceProvider provider = Services();

        HealthReportEntry entry = await CheckAsync(provider);

        Assert.Equal((HealthStatus.Healthy, "The table answers."), (entry.Status, entry.Description));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_by_results_exceptions_and_the_health_check_with_its_remedy()
    {
        await File.WriteAllTextAsync(_file.Path, new string('x', 4_096), Token);
        await using ServiceProvider provider = Services();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();

        StoreResult stored = await repository.StoreAsync(Date, [Link], cancellationToken: Token);
        DigestStoreException read = await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Date, Token));
        HealthReportEntry health = await CheckAsync(provider);

        Assert.Equal((StoreProblemReason.TableMismatch, DigestStoreErrorReason.TableMismatch, HealthStatus.Unhealthy), (stored.Problems[0].Reason, read.Reason, health.Status));
        string[] told = [.. stored.Problems.Select(static problem => problem.Message), read.Message, health.Description!];
        Assert.All(told[..1].Concat(told[^2..]), text => Assert.Contains($"The file '{_file.Path}' ", text, StringComparison.Ordinal));
        Assert.All(told[..1].Concat(told[^2..]), static text => Assert.Contains("Name another file.", text, StringComparison.Ordinal));
        Assert.All(told, AssertNothingOfAws);
    }

    [Fact]
    public async Task After_five_failed_reads_in_a_row_everything_names_the_file_that_is_not_asked_any_more()
    {
        // No folder can be made where a file is.
        await File.WriteAllTextAsync(_file.Path, "", Token);
        string path = Path.Combine(_file.Path, "digests.db");
        await using ServiceProvider provider = Services(static options => options.MaxAttempts = 1, path);
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
        for (int read = 0; read < 5; read++)
        {
            Assert.Contains("IOException", (await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Date, Token))).Message, StringComparison.Ordinal);
        }

        StoreResult stored = await repository.StoreAsync(Date, [Link], cancellationToken: Token);
        DigestStoreException refused = await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Date, Token));
        HealthReportEntry health = await CheckAsync(provider);

        Assert.Equal((StoreProblemReason.CompareUnavailable, DigestStoreErrorReason.Unavailable, HealthStatus.Unhealthy), (stored.Problems[0].Reason, refused.Reason, health.Status));
        Assert.EndsWith(" The error was CircuitOpen.", refused.Message, StringComparison.Ordinal);
        Assert.All([stored.Problems[0].Message, refused.Message, health.Description!], text =>
        {
            Assert.Contains($"The file '{path}' was not asked, because five reads of it in a row have failed or had no answer. Check the disk that it is on.", text, StringComparison.Ordinal);
            AssertNothingOfAws(text);
        });
    }

    [Fact]
    public async Task Options_that_became_invalid_are_told_without_a_word_about_regions()
    {
        await using ServiceProvider provider = Services(static options => options.BatchSize = 26);
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();

        StoreResult stored = await repository.StoreAsync(Date, [Link], cancellationToken: Token);
        DigestStoreException read = await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Date, Token));
        HealthReportEntry health = await CheckAsync(provider);

        Assert.Equal((StoreProblemReason.Misconfigured, DigestStoreErrorReason.Misconfigured), (stored.Problems[0].Reason, read.Reason));
        Assert.All([stored.Problems[0].Message, read.Message.Replace("BatchWriteItem", "", StringComparison.Ordinal).Replace("DynamoDB takes", "", StringComparison.Ordinal), health.Description!], AssertNothingOfAws);
    }

    private static void AssertNothingOfAws(string text) => Assert.All(
        (string[])["DynamoDB", "dynamodb", "AWS", "egion", "ServiceUrl", "credentials", "role", "client", "network and", "account"],
        word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));

    private ServiceProvider Services(Action<DigestStoreOptions>? configure = null, string? path = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSqliteDigestStore(path ?? _file.Path, configure ?? (static _ => { }));
        services.AddHealthChecks().AddDigestStore();
        return services.BuildServiceProvider();
    }

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider provider) =>
        Assert.Single((await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Entries).Value;
}
