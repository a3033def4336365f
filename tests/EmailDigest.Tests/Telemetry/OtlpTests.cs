using DigestStore.TestSupport;
using EmailDigest.Tests.Support;

namespace EmailDigest.Tests.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task A_collector_gets_the_metrics_of_the_run()
    {
        await using var collector = new Collector();
        await using ScriptedEndpoint database = ScriptedEndpoint.Start();
        using var folder = new TemporaryFolder();
        string table = Table();

        Run run = await Run.InEnvironmentAsync(Environment(collector), Stored(database, folder, table));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.DoesNotContain("OpenTelemetry", run.Output, StringComparison.Ordinal);
        Assert.Equal(30, Items(collector, table, "inserted"));
        Assert.Equal(4, Items(collector, table, "duplicate"));
        Assert.Equal(2, Items(collector, table, "rejected"));
        Assert.Equal(0, Items(collector, table, "failed"));
        Proto duration = Assert.Single(Otlp.Histograms(collector, "digeststore.store.duration", ("table", table), ("status", "stored")));
        Assert.Equal(1, duration.Integer(Otlp.HistogramCount));
        Assert.Equal([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60], duration.Doubles(Otlp.ExplicitBounds));
        Proto batches = Assert.Single(Otlp.Histograms(
            collector, "db.client.operation.duration", ("db.system.name", "aws.dynamodb"), ("db.operation.name", "BatchWriteItem"), ("db.collection.name", table)));
        Assert.Equal(2, batches.Integer(Otlp.HistogramCount));
        Proto units = Assert.Single(Otlp.Sums(collector, "digeststore.consumed_capacity", ("table", table), ("operation", "BatchWriteItem")));
        Assert.True(units.Double(Otlp.AsDouble) >= 30);
    }

    [Fact]
    public async Task The_store_and_the_read_are_spans_of_the_run_and_the_correlation_id_is_their_trace()
    {
        await using var collector = new Collector();
        await using ScriptedEndpoint database = ScriptedEndpoint.Start();
        using var folder = new TemporaryFolder();
        string table = Table();

        Run run = await Run.InEnvironmentAsync(Environment(collector), Stored(database, folder, table));

        Proto[] spans = [.. Otlp.Spans(collector).Where(span => run.Words.Contains(span.Hex(Otlp.TraceId), StringComparison.Ordinal))];
        Proto root = Assert.Single(spans, span => span.Text(Otlp.SpanName) == "email-digest.run");
        Proto store = Assert.Single(spans, span => span.Text(Otlp.SpanName) == "digest.store");
        Proto read = Assert.Single(spans, span => span.Text(Otlp.SpanName) == "digest.read" && Otlp.Attributes(span, 9)["digeststore.operation"] == "get");
        Assert.Empty(root.Bytes(Otlp.ParentSpanId));
        Assert.All([store, read], span => Assert.Equal(root.Hex(Otlp.SpanId), span.Hex(Otlp.ParentSpanId)));
        Assert.All([store, read], span => Assert.Equal(root.Hex(Otlp.TraceId), span.Hex(Otlp.TraceId)));
        Dictionary<string, string> attributes = Otlp.Attributes(store, 9);
        Assert.Equal(
            ("stored", "30", "2", table, "2026-11-21", "test"),
            (attributes["digeststore.status"], attributes["digeststore.inserted"], attributes["digeststore.rejected"], attributes["db.collection.name"], attributes["digeststore.date"], attributes["digeststore.caller"]));
        Assert.Equal(root.Hex(Otlp.TraceId), attributes["digeststore.correlation_id"]);
        Assert.Equal(("ok", "30"), (Otlp.Attributes(read, 9)["digeststore.status"], Otlp.Attributes(read, 9)["digeststore.items"]));
        Assert.Contains($"Caller test, correlation id {root.Hex(Otlp.TraceId)}.", run.Words, StringComparison.Ordinal);
        Assert.Contains(Otlp.Logs(collector), log => log.Hex(Otlp.LogTraceId) == root.Hex(Otlp.TraceId));
    }

    [Fact]
    public async Task The_standard_variables_name_the_service_its_attributes_and_the_headers()
    {
        await using var collector = new Collector();
        using var folder = new TemporaryFolder();
        Dictionary<string, string?> environment = Environment(collector);
        await Run.InEnvironmentAsync(environment, "-o", folder.Path);
        environment["OTEL_SERVICE_NAME"] = "nightly";
        environment["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=staging";
        environment["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=secret";

        await Run.InEnvironmentAsync(environment, "-o", folder.Path);

        List<Dictionary<string, string>> services = [.. Otlp.Resources(collector.Posts("/v1/traces")).Select(resource => Otlp.Attributes(resource, 1))];
        Assert.Contains(services, service => service["service.name"] == "email-digest");
        Assert.Contains(services, service => service["service.name"] == "nightly" && service["deployment.environment.name"] == "staging");
        Assert.Contains(collector.Heads, head => head.Contains("x-key: secret", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task One_signal_may_go_elsewhere_and_another_nowhere()
    {
        await using var common = new Collector();
        await using var forTraces = new Collector();
        using var folder = new TemporaryFolder();
        Dictionary<string, string?> environment = Environment(common);
        environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = forTraces.Address + "/custom";
        environment["OTEL_LOGS_EXPORTER"] = "none";

        await Run.InEnvironmentAsync(environment, "-o", folder.Path);

        Assert.NotEmpty(forTraces.Posts("/custom"));
        Assert.NotEmpty(common.Posts("/v1/metrics"));
        Assert.Empty(common.Posts("/v1/traces"));
        Assert.Empty(common.Posts("/v1/logs"));
    }

    [Fact]
    public async Task A_switched_off_sdk_exports_nothing()
    {
        await using var collector = new Collector();
        using var folder = new TemporaryFolder();
        Dictionary<string, string?> environment = Environment(collector);
        environment["OTEL_SDK_DISABLED"] = "true";

        await Run.InEnvironmentAsync(environment, "-o", folder.Path);

        Assert.Empty(collector.Heads);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "http/protobuf", "did not take everything within 2 s")]
    [InlineData("http://127.0.0.1:1", "grpc", "did not take everything within 2 s")]
    [InlineData("localhost:4317", "grpc", "'localhost:4317' is not an http or https address")]
    public async Task A_collector_that_is_not_there_costs_one_warning_and_the_email_is_written(string address, string protocol, string warning)
    {
        using var folder = new TemporaryFolder();

        Run run = await Run.InEnvironmentAsync(
            new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol }, "-o", folder.File("x.eml"));

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.True(File.Exists(folder.File("x.eml")));
        Assert.Contains(warning, run.Words, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith("WARNING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_never_answers_does_not_hold_the_run_up()
    {
        await using var collector = new Collector(isSilent: true);
        using var folder = new TemporaryFolder();
        Dictionary<string, string?> environment = Environment(collector);
        environment.Remove("EmailDigest:FlushTime");

        // The wait is only so that a failure ends: without a bound of its own, the run would wait for the exporter.
        Run run = await Run.InEnvironmentAsync(environment, "-o", folder.File("x.eml")).WaitAsync(TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.EmailSent, run.ExitCode);
        Assert.True(File.Exists(folder.File("x.eml")));
        Assert.Contains("did not take everything within 2 s", run.Words, StringComparison.Ordinal);
    }

    // Meters and spans are the process's, and other tests run beside this one: each has a table of its own.
    private static string Table() => "otlp-" + Path.GetRandomFileName();

    private static Dictionary<string, string?> Environment(Collector collector) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "600000",
        ["EmailDigest:FlushTime"] = "00:10:00", // For a slow machine.
        ["DigestStore:Caller"] = "test",
    };

    private static string[] Stored(ScriptedEndpoint database, TemporaryFolder folder, string table) =>
        ["--endpoint", database.Uri.AbsoluteUri, "--table", table, "--date", "2026-11-21", "--dead-letters", folder.File("letters"), "-o", folder.Path];

    private static long Items(Collector collector, string table, string outcome) =>
        Assert.Single(Otlp.Sums(collector, "digeststore.store.items", ("table", table), ("outcome", outcome))).Integer(Otlp.AsInteger);
}
