using System.Globalization;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Monitoring;

// The evaluators themselves, against what AWS's documentation says of CloudWatch.
public sealed class EvaluationTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    // The example of "3 out of 3" in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    [Theory]
    [InlineData("0 - X - X", "breaching", "Ok")]
    [InlineData("0 - X - X", "notBreaching", "Ok")]
    [InlineData("0 - - - -", "breaching", "Ok")]
    [InlineData("0 - - - -", "notBreaching", "Ok")]
    [InlineData("- - - - -", "breaching", "Alarm")]
    [InlineData("- - - - -", "notBreaching", "Ok")]
    [InlineData("0 X X - X", "breaching", "Alarm")]
    [InlineData("0 X X - X", "notBreaching", "Alarm")]
    [InlineData("- - X - -", "breaching", "Alarm")]
    [InlineData("- - X - -", "notBreaching", "Ok")]
    public void Missing_data_is_treated_as_the_documentation_says(string datapoints, string treatment, string state)
    {
        var archive = new MetricArchive();
        foreach ((string datapoint, int minute) in datapoints.Split(' ').Select(static (datapoint, minute) => (datapoint, minute)))
        {
            if (datapoint != "-")
            {
                archive.Add(Line(Start.AddMinutes(minute), datapoint == "X" ? 9 : 0));
            }
        }

        var alarm = Alarm.AllOf(CloudFormationTemplate.Parse(
            $$"""
            Resources:
              Alarm:
                Type: AWS::CloudWatch::Alarm
                Properties: { AlarmName: a, Namespace: N, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 3, ComparisonOperator: GreaterThanThreshold, Threshold: 5, TreatMissingData: {{treatment}} }
            Parameters: {}
            """)).Single();

        Assert.Equal(Enum.Parse<AlarmState>(state), alarm.StateAt(Start.AddMinutes(5), archive));
    }

    [Theory]
    [InlineData("a + b * 2", 7d)]
    [InlineData("(a + b) * 2", 8d)]
    [InlineData("a - b - 1", -3d)]
    [InlineData("-a", -1d)]
    [InlineData("IF(a > 0, 100 * a / b, 0)", 100.0 / 3)]
    [InlineData("IF(a >= 2, 1, 0)", 0d)]
    [InlineData("FILL(nothing, 4)", 4d)]
    [InlineData("FILL(a, 4)", 1d)]
    [InlineData("a == 1", 1d)]
    [InlineData("a + nothing", null)]
    [InlineData("IF(nothing > 0, 1, 0)", null)]
    [InlineData("a / 0", null)]
    [InlineData("FLOOR(b / 2)", 1d)]
    [InlineData("EPOCH(a)", 1795240800d)]
    [InlineData("EPOCH(nothing)", null)]
    [InlineData("MAX(b) - MAX(a)", 2d)]
    [InlineData("MAX(nothing)", null)]
    public void Metric_math_is_calculated_for_each_period(string expression, double? result)
    {
        var archive = new MetricArchive();
        archive.Add(Line(Start, 1, "one"));
        archive.Add(Line(Start, 3, "three"));
        MetricQuery[] queries =
        [
            new() { Id = "a", Metric = new MetricIdentity("N", "one", ""), Statistic = "Sum" },
            new() { Id = "b", Metric = new MetricIdentity("N", "three", ""), Statistic = "Sum" },
            new() { Id = "nothing", Metric = new MetricIdentity("N", "none", ""), Statistic = "Sum" },
            new() { Id = "result", Expression = expression },
        ];

        SortedDictionary<DateTimeOffset, double> points = new MetricMath(archive, new Window(Start, 1, TimeSpan.FromMinutes(1)), queries).LinesOf(queries[3]).Single().Points;

        Assert.Equal(result, points.Count == 0 ? null : points[Start]);
    }

    [Theory]
    [InlineData("ANOMALY_DETECTION_BAND(a)", "do not know the function 'ANOMALY_DETECTION_BAND'")]
    [InlineData("a ** 2", "Expected a value instead of '*'")]
    [InlineData("(a", "Expected ')' instead of the end")]
    [InlineData("a b", "Expected the end instead of 'b'")]
    [InlineData("a & a", "'&' at 2 belongs to no expression")]
    [InlineData("c", "'c' in 'c' is no id")]
    public void What_is_not_known_is_an_error_that_says_so(string expression, string message)
    {
        MetricQuery[] queries = [new() { Id = "a", Metric = new MetricIdentity("N", "m", ""), Statistic = "Sum" }, new() { Id = "result", Expression = expression }];

        Assert.Contains(message, Assert.Single(MetricMath.Problems(queries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sum", 5050d)]
    [InlineData("Average", 50.5)]
    [InlineData("SampleCount", 100d)]
    [InlineData("Minimum", 1d)]
    [InlineData("Maximum", 100d)]
    [InlineData("p50", 50d)]
    [InlineData("p95", 95d)]
    [InlineData("p99", 99d)]
    public void Statistics_are_those_of_all_values_of_a_period(string statistic, double expected)
    {
        var archive = new MetricArchive();
        foreach (int value in Enumerable.Range(1, 100))
        {
            archive.Add(Line(Start.AddSeconds(value), value));
        }

        Assert.Equal(expected, Assert.Single(archive.Series(new MetricIdentity("N", "m", ""), statistic, new Window(Start, 1, TimeSpan.FromMinutes(5)))).Value);
    }

    [Fact]
    public void A_query_of_the_log_filters_sums_sorts_and_ends_at_its_limit()
    {
        var log = new LogArchive();
        log.Add(Start, """{"EventId":100,"State":{"Date":"2026-11-20","Failed":1}}""");
        log.Add(Start, """{"EventId":101,"State":{"Date":"2026-11-21","Failed":2}}""");
        log.Add(Start, """{"EventId":101,"State":{"Date":"2026-11-21","Failed":3}}""");
        log.Add(Start, """{"EventId":200,"State":{"Date":"2026-11-22","Failed":4}}""");

        LogTable table = LogQuery.Parse("# A comment\nfilter EventId in [100, 101] and State.Failed > 0\n| stats sum(State.Failed) as failed by State.Date\n| sort failed desc\n| limit 1").Run(log);

        Assert.Equal("| State.Date | failed |\n| --- | --- |\n| 2026-11-21 | 5 |", table.ToString());
    }

    [Fact]
    public void A_widget_repeats_what_dots_stand_for() => Assert.Equal(
        ["N m {a=1,b=2}", "N m {a=1,b=3}", "N other {a=1,b=3}", "N m {a=4,b=3}"],
        Widget.Of((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(
            """{"type":"metric","x":0,"y":0,"width":1,"height":1,"properties":{"metrics":[["N","m","a","1","b","2"],["...","3"],[".","other",".",".",".","."],[".","m",".","4",".","."]]}}""")!)
            .Queries.Select(static query => query.Metric!.ToString()));

    private static string Line(DateTimeOffset at, double value, string metric = "m") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"_aws":{"Timestamp":{{at.ToUnixTimeMilliseconds()}},"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[[]],"Metrics":[{"Name":"{{metric}}"}]}]},"{{metric}}":{{value}}}""");
}
