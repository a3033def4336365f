using System.Diagnostics.Metrics;
using DigestStore.Testing;
using DigestStore.TestSupport;
using DigestStore.UnitTests.Telemetry;

namespace DigestStore.UnitTests.CloudWatch;

// Metrics over a meter of the test's own, and the lines that they have written.
internal sealed class Emitter : IDisposable
{
    public Emitter(Action<CloudWatchMetricsOptions>? configure = null)
    {
        var options = new CloudWatchMetricsOptions { Writer = Writer };
        configure?.Invoke(options);
        Metrics = new CloudWatchMetrics(options, Log, Time, meter => ReferenceEquals(meter, Meter));
        Items = Meter.CreateCounter<long>("digeststore.store.items", "{item}");
        Requests = Meter.CreateCounter<long>("digeststore.requests", "{request}");
        Attempts = Meter.CreateCounter<long>("digeststore.delivery.attempts", "{attempt}");
        Reads = Meter.CreateHistogram<double>("digeststore.read.duration", "s");
    }

    // Not the name of the store's own, or it would reach listeners of other tests.
    public Meter Meter { get; } = new("DigestStore.UnitTests");

    public VirtualTimeProvider Time { get; } = new();

    public ListLogger Log { get; } = new();

    public StringWriter Writer { get; } = new() { NewLine = "\n" };

    public CloudWatchMetrics Metrics { get; }

    public Counter<long> Items { get; }

    public Counter<long> Requests { get; }

    public Counter<long> Attempts { get; }

    public Histogram<double> Reads { get; }

    public static KeyValuePair<string, object?>[] Tags(params (string Name, object? Value)[] tags) =>
        [.. tags.Select(static tag => new KeyValuePair<string, object?>(tag.Name, tag.Value))];

    public List<EmfDocument> Flush()
    {
        Metrics.Flush();
        return TakeWritten();
    }

    public List<EmfDocument> TakeWritten()
    {
        string written = Writer.ToString();
        Writer.GetStringBuilder().Clear();
        Assert.True(written.Length == 0 || written[^1] == '\n');
        return [.. written.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(EmfDocument.Read)];
    }

    // What CloudWatch has of a metric in a set: all its values.
    public static double[] Values(IEnumerable<EmfDocument> lines, string metric, string set) =>
        [.. lines.Where(line => line.Metrics.Contains(metric) && line.Sets.Contains(set)).SelectMany(line => line.Values(metric))];

    public void Dispose()
    {
        Metrics.Dispose();
        Meter.Dispose();
        Writer.Dispose();
        Log.Dispose();
    }
}
