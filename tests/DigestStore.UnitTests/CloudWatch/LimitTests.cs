using System.Diagnostics.Metrics;
using static DigestStore.UnitTests.CloudWatch.Emitter;

namespace DigestStore.UnitTests.CloudWatch;

public sealed class LimitTests : IDisposable
{
    private const string Reads = "digeststore.read.duration";

    private readonly Emitter _emitter = new();

    public void Dispose() => _emitter.Dispose();

    [Fact]
    public void More_than_a_hundred_values_go_to_further_lines()
    {
        for (int value = 1; value <= 250; value++)
        {
            _emitter.Reads.Record(value, Tags(("operation", "Get")));
        }

        List<EmfDocument> lines = _emitter.Flush();

        Assert.Equal([100, 100, 50], lines.Select(static line => line.Values(Reads).Length));
        Assert.Equal(Enumerable.Range(1, 250).Select(static value => (double)value), Values(lines, Reads, "operation=Get"));
    }

    [Fact]
    public void A_flood_is_sampled_and_counted_and_keeps_its_extremes()
    {
        for (int value = 1; value <= 50_000; value++)
        {
            _emitter.Reads.Record(value, Tags(("operation", "Get")));
        }

        List<EmfDocument> lines = _emitter.Flush();

        double[] values = Values(lines, Reads, "operation=Get");
        Assert.Equal((2000, 1d, 50_000d), (values.Length, values.Min(), values.Max()));
        Assert.Equal([48_000], Values(lines, Reads + ".unsampled", "operation=Get"));
        Assert.InRange(values.Average(), 22_500, 27_500);
    }

    [Fact]
    public void Beyond_the_greatest_number_of_series_measurements_are_counted_and_told_once()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int table = 0; table < 1010; table++)
            {
                _emitter.Reads.Record(1, Tags(("operation", $"{table}")));
            }

            _emitter.Reads.Record(1, Tags(("operation", "0")));
            List<EmfDocument> lines = _emitter.Flush();
            Assert.Equal(1001, lines.Count);
            Assert.Equal([10], Values(lines, "digeststore.cloudwatch.dropped", ""));
            Assert.Equal([1, 1], Values(lines, Reads, "operation=0"));
        }

        Assert.Equal([501], _emitter.Log.Ids);
    }

    [Fact]
    public void Numbers_that_CloudWatch_refuses_are_dropped()
    {
        foreach (double value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue])
        {
            _emitter.Reads.Record(value, Tags(("operation", "Get")));
        }

        Assert.Equal([4], Values(_emitter.Flush(), "digeststore.cloudwatch.dropped", ""));
    }

    [Fact]
    public void More_than_a_hundred_metrics_go_to_further_lines()
    {
        for (int metric = 0; metric < 230; metric++)
        {
            _emitter.Meter.CreateCounter<long>($"metric.{metric}").Add(metric, Tags(("operation", "Get")));
        }

        Assert.Equal([100, 100, 30], _emitter.Flush().Select(static line => line.Metrics.Length));
    }

    [Fact]
    public void The_longest_line_is_short_enough_for_a_log_event()
    {
        using var emitter = new Emitter(static options =>
        {
            for (int index = 0; index < 10; index++)
            {
                options.Dimensions[$"{index}{new string('"', 249)}"] = new string('\\', 1024);
            }
        });
        (string, object?)[] tags =
        [
            .. Enumerable.Range(0, 30).Select(static index => ($"{index}{new string('"', 400)}", (object?)new string('"', 5000))),
            ("table", new string('"', 5000)),
        ];
        (tags[0], tags[^1]) = (tags[^1], tags[0]);
        (tags[1], tags[2]) = (("operation", new string('"', 5000)), tags[1]);
        for (int metric = 0; metric < 100; metric++)
        {
            Histogram<double> histogram = emitter.Meter.CreateHistogram<double>($"{metric}{new string('"', 400)}");
            for (int value = 0; value < 100; value++)
            {
                histogram.Record(-1.2345678901234567e-300 - value, Tags(tags));
            }
        }

        Assert.InRange(emitter.Flush().Count, 2, 100);
    }

    [Fact]
    public void Texts_that_CloudWatch_refuses_are_made_ones_that_it_takes()
    {
        _emitter.Items.Add(1, Tags(("\u00fcber", "t\u00e4ble\n"), (":colon", ""), (" ", null), ("_aws", 1.5), ("number", 7)));

        EmfDocument line = Assert.Single(_emitter.Flush());

        Assert.Equal("-aws=1.5,-colon=none,_ber=t_ble_,none=none,number=7", Assert.Single(line.Sets));
    }

    [Fact]
    public void Dimensions_that_are_named_like_metrics_or_like_each_other_stay_apart()
    {
        _emitter.Items.Add(1, Tags(("digeststore.store.items", "a"), ("\u00e4", "b"), ("\u00f6", "c")));

        EmfDocument line = Assert.Single(_emitter.Flush());

        Assert.Equal("_=b,__=c,digeststore.store.items_=a", Assert.Single(line.Sets));
        Assert.Equal([1], line.Values("digeststore.store.items"));
    }

    [Fact]
    public void A_tag_that_throws_reaches_nobody()
    {
        _emitter.Items.Add(1, Tags(("outcome", new Thrower(hashes: false))));
        _emitter.Items.Add(1, Tags(("outcome", new Thrower(hashes: true))));

        Assert.Equal([1], Values(_emitter.Flush(), "digeststore.store.items", "outcome=none"));
    }

    private sealed class Thrower(bool hashes)
    {
        public override int GetHashCode() => hashes ? throw new InvalidTimeZoneException() : 1;

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override string ToString() => throw new InvalidTimeZoneException();
    }
}
