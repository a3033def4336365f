using System.Text.Json.Nodes;
using DigestStore.Telemetry;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

/// <summary>The compilers take all the processors there are, so nothing runs beside them.</summary>
[Collection(AloneCollection.Name)]
public sealed class PublishTests(PublishedApplication application) : IClassFixture<PublishedApplication>
{
    private const string Instruments = "instruments:";
    private const string Spans = "spans:";

    private static readonly string[] Steps =
    [
        "store: Stored, 4 inserted, 0 unchanged, 0 duplicate, 1 rejected, 0 failed, 0 dead letters, [UrlSchemeNotAllowed]",
        "read: 0 https://example.com/articles/1 revision 1, expires 90 days after, published 2026-11-20 07:30:00Z, tags [dynamodb batches], metadata [[words, 1200]]",
        "read: 1 https://example.com/articles/2?page=1&utm_source=feed revision 1, expires 90 days after, published , tags [], metadata []",
        "read: 2 https://example.com/articles/2?page=2 revision 1, expires 90 days after, published , tags [], metadata []",
        "read: 3 https://xn--bcher-kva.example/ revision 1, expires 90 days after, published , tags [], metadata []",
        "json: 2026-11-21, True, Stored: of 5 items 4 are in the table, 0 are duplicates, 1 were rejected and 0 failed. Main problem: UrlSchemeNotAllowed: Only http and https URLs can be stored. Leave the item out, or link to a web page.",
        "find: Reading pages",
        "delete: True",
        "statistics: 3 items",
        "store while the table is throttled: PartiallyStored, 0 inserted, 3 unchanged, 0 duplicate, 1 rejected, 1 failed, 1 dead letters, [UrlSchemeNotAllowed Throttled HeaderNotWritten]",
        "replay: 1 letters, 1 stored, 0 kept",
        "store a stream: Stored, 0 inserted, 4 unchanged, 0 duplicate, 1 rejected, 0 failed, 0 dead letters, [UrlSchemeNotAllowed]",
        "health: Healthy",
        "store in memory: Stored, 4 inserted, 0 unchanged, 0 duplicate, 1 rejected, 0 failed, 0 dead letters, [UrlSchemeNotAllowed]",
        "store in a file: Stored, 4 inserted, 0 unchanged, 0 duplicate, 1 rejected, 0 failed, 0 dead letters, [UrlSchemeNotAllowed]",
        "file: 4 items, Delivered",
        "store in a file: Stored, 0 inserted, 4 unchanged, 0 duplicate, 1 rejected, 0 failed, 0 dead letters, [UrlSchemeNotAllowed]",
        "file: 4 items, AlreadyDelivered",
    ];

    [Theory]
    [InlineData(PublishedApplication.Form.Trimmed)]
    [InlineData(PublishedApplication.Form.NativeAot)]
    [FaultRow(95, "The application is published trimmed, or as a native program (native AOT)", "No warning from the compiler; settings, dependency injection, stores, reads, JSON, dead letters, telemetry, the health check and a table in a file do the same as anywhere.")]
    public async Task A_published_application_does_what_it_does_anywhere(PublishedApplication.Form form)
    {
        string compiler = await application.PublishAsync(form);
        await using var server = ScriptedEndpoint.Start();

        // All three attempts of the second store; the delete before it is a batch too.
        server.On("BatchWriteItem").From(2).When(request => request.Writes.All(write => write["PutRequest"] is not null)).Answer(Fault.Throttle()).Times(3);

        string[] printed = await application.RunAsync(
            form,
            [
                ("DigestStore__ServiceUrl", server.Uri.AbsoluteUri),
                ("DigestStore__TableName", "published"),
                ("DigestStore__Retention", "90.00:00:00"),
                ("DigestStore__ThrottleDelay", "00:00:00.010"),
                ("DigestStore__Deadline", "00:02:00"),
                ("DigestStore__AttemptTimeout", "00:00:20"),
                ("DigestStore__Identity__KeptParameters__0", "utm_source"),
            ]);

        Assert.DoesNotContain("warning", compiler, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Steps, printed.Where(line => !IsMetric(line) && !IsTelemetry(line)));
        Assert.Contains(printed.Where(IsMetric).Select(line => JsonNode.Parse(line)!), line => line["_aws"] is not null && line["digeststore.store.items"] is not null);
        Assert.Superset(new HashSet<string> { "digeststore.store.items", "digeststore.retries", "digeststore.dead_letters", "db.client.operation.duration" }, Names(printed, Instruments));
        Assert.Superset(new HashSet<string> { "digest.store", "digest.read", "digest.delete" }, Names(printed, Spans));
        Assert.Equal(4, server.Database.Items("published").Count(item => item["sk"]!["S"]!.GetValue<string>().StartsWith("ITEM#", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_source_of_the_library_hides_a_warning_from_the_compiler() => Assert.All(
        Directory.GetFiles(RepositoryFiles.PathOf("src"), "*.cs", SearchOption.AllDirectories),
        source => Assert.DoesNotContain("UnconditionalSuppressMessage", File.ReadAllText(source), StringComparison.Ordinal));

    private static bool IsMetric(string line) => line[0] == '{';

    private static bool IsTelemetry(string line) => line.StartsWith(Instruments, StringComparison.Ordinal) || line.StartsWith(Spans, StringComparison.Ordinal);

    private static HashSet<string> Names(string[] printed, string list) =>
        [.. Assert.Single(printed, line => line.StartsWith(list, StringComparison.Ordinal))[list.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
