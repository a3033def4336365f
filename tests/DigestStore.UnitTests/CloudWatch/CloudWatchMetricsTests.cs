using System.Diagnostics.Metrics;
using static DigestStore.UnitTests.CloudWatch.Emitter;

namespace DigestStore.UnitTests.CloudWatch;

public sealed class CloudWatchMetricsTests : IDisposable
{
    private readonly Emitter _emitter = new();

    public void Dispose() => _emitter.Dispose();

    [Fact]
    public void A_counter_is_the_sum_of_its_interval()
    {
        _emitter.Items.Add(3, Tags(("outcome", "inserted"), ("table", "t")));
        _emitter.Items.Add(4, Tags(("outcome", "inserted"), ("table", "t")));
        Assert.Equal([7], Values(_emitter.Flush(), "digeststore.store.items", "outcome=inserted,table=t"));

        _emitter.Items.Add(1, Tags(("outcome", "inserted"), ("table", "t")));
        Assert.Equal([1], Values(_emitter.Flush(), "digeststore.store.items", "outcome=inserted,table=t"));
    }

    [Fact]
    public void A_histogram_keeps_its_values()
    {
        _emitter.Reads.Record(0.25, Tags(("table", "t")));
        _emitter.Reads.Record(1.5, Tags(("table", "t")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal([0.25, 1.5], Values(lines, "digeststore.read.duration", "table=t"));
    }

    [Fact]
    public void Metrics_of_the_same_tags_share_a_line()
    {
        _emitter.Requests.Add(2, Tags(("operation", "Query"), ("table", "t")));
        _emitter.Reads.Record(1, Tags(("table", "t"), ("operation", "Query")));
        _emitter.Reads.Record(1, Tags(("table", "t"), ("operation", "BatchGetItem")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal(["digeststore.requests", "digeststore.read.duration"], lines.Single(static line => line.Sets.Contains("operation=Query,table=t")).Metrics);
        Assert.Equal(["digeststore.read.duration"], lines.Single(static line => line.Sets.Contains("operation=BatchGetItem,table=t")).Metrics);
    }

    [Fact]
    public void Totals_need_no_search()
    {
        _emitter.Requests.Add(5, Tags(("operation", "Query"), ("status", "ok"), ("table", "t")));
        _emitter.Requests.Add(2, Tags(("operation", "Query"), ("status", "throttled"), ("table", "t")));
        _emitter.Requests.Add(1, Tags(("operation", "UpdateItem"), ("status", "ok"), ("table", "t")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal(2, Values(lines, "digeststore.requests", "operation=Query,status=throttled,table=t").Sum());
        Assert.Equal(7, Values(lines, "digeststore.requests", "operation=Query,table=t").Sum());
        Assert.Equal(8, Values(lines, "digeststore.requests", "table=t").Sum());
    }

    [Fact]
    public void What_has_no_common_sum_has_no_total()
    {
        _emitter.Meter.CreateCounter<double>("digeststore.consumed_capacity", "{unit}").Add(2, Tags(("operation", "Query"), ("table", "t")));
        _emitter.Meter.CreateCounter<long>("digeststore.quality.fields", "{item}").Add(3, Tags(("field", "summary"), ("table", "t")));
        _emitter.Reads.Record(0.5, Tags(("operation", "Query"), ("table", "t")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal([2], Values(lines, "digeststore.consumed_capacity", "operation=Query,table=t"));
        Assert.Equal([3], Values(lines, "digeststore.quality.fields", "field=summary,table=t"));
        Assert.Equal([0.5], Values(lines, "digeststore.read.duration", "table=t"));
        Assert.Empty(Values(lines, "digeststore.consumed_capacity", "table=t"));
        Assert.Empty(Values(lines, "digeststore.quality.fields", "table=t"));
    }

    [Fact]
    public void The_database_system_is_told_but_is_no_dimension()
    {
        Histogram<double> requests = _emitter.Meter.CreateHistogram<double>("db.client.operation.duration", "s");
        requests.Record(0.1, Tags(("db.system.name", "aws.dynamodb"), ("db.operation.name", "Query"), ("db.collection.name", "t")));
        requests.Record(0.2, Tags(("db.system.name", "aws.dynamodb"), ("db.operation.name", "Query"), ("db.collection.name", "t"), ("error.type", "throttled")));

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal([0.1, 0.2], Values(lines, "db.client.operation.duration", "db.collection.name=t").Order());
        Assert.Equal([0.1, 0.2], Values(lines, "db.client.operation.duration", "db.collection.name=t,db.operation.name=Query").Order());
        Assert.Equal([0.2], Values(lines, "db.client.operation.duration", "db.collection.name=t,db.operation.name=Query,error.type=throttled"));
        Assert.Equal("aws.dynamodb", lines[0].Root.GetProperty("db.system.name").GetString());
    }

    [Fact]
    public void An_interval_without_measurements_writes_nothing()
    {
        _emitter.Items.Add(1, Tags(("outcome", "inserted"), ("table", "t")));
        _emitter.Flush();

        _emitter.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Empty(_emitter.TakeWritten());
    }

    [Fact]
    public void Lines_are_written_on_the_interval_with_its_time()
    {
        _emitter.Items.Add(1, Tags(("outcome", "inserted"), ("table", "t")));
        _emitter.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(_emitter.TakeWritten());

        _emitter.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.All(_emitter.TakeWritten(), line => Assert.Equal(_emitter.Time.GetUtcNow(), line.At));
        Assert.Equal(1, _emitter.Time.PendingTimers);
    }

    [Fact]
    public async Task Disposing_writes_what_is_left_and_ends_it()
    {
        _emitter.Items.Add(1, Tags(("outcome", "inserted"), ("table", "t")));

        await _emitter.Metrics.DisposeAsync();
        Assert.NotEmpty(_emitter.TakeWritten());

        _emitter.Items.Add(1, Tags(("outcome", "inserted"), ("table", "t")));
        _emitter.Metrics.Dispose();
        Assert.Empty(_emitter.Flush());
        Assert.Equal(0, _emitter.Time.PendingTimers);
        _emitter.Writer.WriteLine("The writer is still open.");
    }

    [Theory]
    [InlineData("s", "Seconds")]
    [InlineData("ms", "Milliseconds")]
    [InlineData("By", "Bytes")]
    [InlineData("%", "Percent")]
    [InlineData("1", "Count")]
    [InlineData("{unit}", "Count")]
    [InlineData("{item}", "Count")]
    [InlineData("furlong", "None")]
    [InlineData(null, "None")]
    public void Units_are_those_of_CloudWatch(string? unit, string expected)
    {
        _emitter.Meter.CreateCounter<double>("made.up", unit).Add(0.5);

        Assert.Equal(expected, Assert.Single(_emitter.Flush()).Unit("made.up"));
    }

    [Fact]
    public void Constant_dimensions_are_in_every_set()
    {
        using var emitter = new Emitter(static options =>
        {
            options.Namespace = "Mail/Digests";
            options.StorageResolution = 1;
            options.Dimensions["Service"] = "mailer";
        });
        emitter.Items.Add(1, Tags(("outcome", "failed"), ("table", "t")));
        emitter.Meter.CreateCounter<int>("untagged").Add(2);

        List<EmfDocument> lines = emitter.Flush();

        Assert.Equal([1], Values(lines, "digeststore.store.items", "Service=mailer,outcome=failed,table=t"));
        Assert.Equal([2], Values(lines, "untagged", "Service=mailer"));
        Assert.All(lines, static line =>
        {
            Assert.Equal("Mail/Digests", line.Namespace);
            Assert.All(line.Sets, static set => Assert.Contains("Service=mailer", set, StringComparison.Ordinal));
            Assert.All(
                line.Root.GetProperty("_aws").GetProperty("CloudWatchMetrics")[0].GetProperty("Metrics").EnumerateArray(),
                static metric => Assert.Equal(1, metric.GetProperty("StorageResolution").GetInt32()));
        });
    }

    [Fact]
    public void Other_meters_and_other_kinds_of_instruments_are_left_alone()
    {
        using var other = new Meter("DigestStore.UnitTests");
        other.CreateCounter<long>("of.another").Add(1);
        _emitter.Meter.CreateUpDownCounter<long>("up.and.down").Add(1);

        Assert.Empty(_emitter.Flush());
    }
}
