using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Monitoring;

internal enum AlarmState
{
    Ok,
    Alarm,
}

/// <summary>An alarm of the template, resolved, with the state that CloudWatch would give it.</summary>
internal sealed partial class Alarm
{
    // CloudWatch looks further back than EvaluationPeriods before it takes data for missing. It does not say how far; its own example has 5 for 3.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    private const int MorePeriods = 2;

    private readonly JsonObject _properties;

    private Alarm(string logicalId, JsonObject properties)
    {
        LogicalId = logicalId;
        _properties = properties;
        Queries = properties["Metrics"] is JsonArray metrics
            ? [.. metrics.Select(static entry => MetricQuery.OfAlarm((JsonObject)entry!))]
            : [new MetricQuery { Id = "metric", Metric = MetricIdentity.Of(properties), Statistic = Text("ExtendedStatistic") ?? Text("Statistic")! }];
    }

    public string LogicalId { get; }

    public string Name => Text("AlarmName")!;

    public string Description => Text("AlarmDescription") ?? "";

    public string? TreatMissingData => Text("TreatMissingData");

    public double Threshold => (double)_properties[nameof(Threshold)]!;

    public string[] Actions => [.. (_properties["AlarmActions"] as JsonArray ?? []).Select(static action => (string)action!)];

    public string[] OkActions => [.. (_properties["OKActions"] as JsonArray ?? []).Select(static action => (string)action!)];

    public IReadOnlyList<MetricQuery> Queries { get; }

    /// <summary>The heading of the runbook that the description links to, as an anchor.</summary>
    public string? RunbookAnchor => Link().Match(Description) is { Success: true } link ? link.Groups["anchor"].Value : null;

    /// <summary>The name of the saved query that the description names.</summary>
    public string? QueryName => Link().Match(Description) is { Success: true } link ? link.Groups["query"].Value : null;

    public TimeSpan Period => TimeSpan.FromSeconds((int)(_properties[nameof(Period)] ?? _properties["Metrics"]!.AsArray().First(static entry => entry!["MetricStat"] is not null)!["MetricStat"]![nameof(Period)])!);

    private int EvaluationPeriods => (int)_properties[nameof(EvaluationPeriods)]!;

    private int DatapointsToAlarm => (int?)_properties[nameof(DatapointsToAlarm)] ?? EvaluationPeriods;

    // Through text, so that a number converts to any numeric type.
    public static IReadOnlyList<Alarm> AllOf(CloudFormationTemplate template) =>
        [.. template.OfType("AWS::CloudWatch::Alarm").Select(entry => new Alarm(entry.Key, (JsonObject)JsonNode.Parse(template.Resolve(entry.Value["Properties"])!.ToJsonString())!))];

    public static Alarm Of(CloudFormationTemplate template, string logicalId) => AllOf(template).Single(alarm => alarm.LogicalId == logicalId);

    /// <summary>The alarm's state when the periods before <paramref name="now"/> have ended.</summary>
    public AlarmState StateAt(DateTimeOffset now, MetricArchive archive)
    {
        double[] values = [.. Datapoints(now, archive).Values];
        bool?[] breaches = [.. values.TakeLast(EvaluationPeriods).Select(value => (bool?)Breaches(value))];
        int missing = EvaluationPeriods - breaches.Length;
        int count = breaches.Count(static breach => breach == true) + (TreatMissingData switch
        {
            "breaching" => missing,
            "notBreaching" => 0,
            var other => throw new NotSupportedException($"The tests do not know TreatMissingData '{other}' of {Name}. Add it to {nameof(Alarm)}."),
        });
        return count >= DatapointsToAlarm ? AlarmState.Alarm : AlarmState.Ok;
    }

    /// <summary>What the alarm compares with its threshold, for the periods that it looks at.</summary>
    public SortedDictionary<DateTimeOffset, double> Datapoints(DateTimeOffset now, MetricArchive archive)
    {
        var window = Window.Before(now, EvaluationPeriods + MorePeriods, Period);
        return new MetricMath(archive, window, Queries).LinesOf(Queries.Single(static query => query.IsShown)).Single().Points;
    }

    private bool Breaches(double value) => Text("ComparisonOperator") switch
    {
        "GreaterThanThreshold" => value > Threshold,
        "GreaterThanOrEqualToThreshold" => value >= Threshold,
        "LessThanThreshold" => value < Threshold,
        "LessThanOrEqualToThreshold" => value <= Threshold,
        var other => throw new NotSupportedException($"The tests do not know the comparison '{other}' of {Name}. Add it to {nameof(Alarm)}."),
    };

    private string? Text(string property) => (string?)_properties[property];

    [GeneratedRegex(@"Runbook: \S+runbook\.md#(?<anchor>[a-z0-9-]+) Query: (?<query>\S+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
