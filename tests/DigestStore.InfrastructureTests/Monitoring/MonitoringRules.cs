using System.Text.Json;
using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Running;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>What no linter sees of alarms, dashboard and saved queries: whether their metrics, ids, fields and links exist.</summary>
internal static class MonitoringRules
{
    /// <summary>AWS's own metrics that the template uses, with their dimensions and the page that has them.</summary>
    /// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html</remarks>
    private static readonly string[] AwsMetrics =
    [
        "AWS/DynamoDB SuccessfulRequestLatency {Operation,TableName}",
        "AWS/DynamoDB ConsumedWriteCapacityUnits {TableName}",
        "AWS/DynamoDB ConsumedReadCapacityUnits {TableName}",
        "AWS/DynamoDB AccountMaxTableLevelWrites {}",
        "AWS/DynamoDB AccountMaxTableLevelReads {}",
    ];

    /// <summary>What the checks are called where planted faults are listed.</summary>
    public const string Complete = "alarms_tell_whom_what_and_where_to_read_on";
    public const string Calculated = "metric_math_can_be_calculated";
    public const string Emitted = "metrics_are_emitted";
    public const string Drawn = "the_dashboard_can_be_drawn";
    public const string Written = "log_fields_are_written";

    /// <summary>Every fault: the check, the logical id of the resource, and what is wrong.</summary>
    public static IEnumerable<(string Check, string Resource, string Message)> Problems(CloudFormationTemplate template, EmittedTelemetry emitted)
    {
        foreach (Alarm alarm in Alarm.AllOf(template))
        {
            foreach ((string check, string message) in AlarmProblems(template, alarm).Select(static message => (Complete, message)).Concat(QueriesProblems(alarm.Queries, emitted)))
            {
                yield return (check, alarm.LogicalId, message);
            }
        }

        foreach (KeyValuePair<string, JsonObject> dashboard in template.OfType("AWS::CloudWatch::Dashboard"))
        {
            foreach ((string check, string message) in DashboardProblems(template, emitted))
            {
                yield return (check, dashboard.Key, message);
            }
        }

        foreach (SavedQuery query in SavedQuery.AllOf(template))
        {
            foreach ((string check, string message) in QueryProblems(query.Query, emitted))
            {
                yield return (check, query.LogicalId, message);
            }
        }
    }

    private static string? MetricProblem(MetricQuery query, EmittedTelemetry emitted)
    {
        if (query.Metric is { IsAws: true } aws)
        {
            string shape = $"{aws.Namespace} {aws.Name} {{{string.Join(',', aws.DimensionNames)}}}";
            return AwsMetrics.Contains(shape) ? null : $"{shape} is none of AWS's metrics that the tests know";
        }

        if (query.Metric is { } own)
        {
            return emitted.Metrics.SampleOf(own) is null ? $"the code emits no {own}" : null;
        }

        return ExpressionParser.Parse(query.Expression!) is Expression.Call { Function: "SEARCH" } search && !MetricSearch.Of(search).Matches(emitted.Metrics.Identities).Any()
            ? $"the code emits nothing that {query.Expression} finds"
            : null;
    }

    private static IEnumerable<string> AlarmProblems(CloudFormationTemplate template, Alarm alarm)
    {
        string[] topics = [.. template.OfType("AWS::SNS::Topic").Select(topic => (string)template.Resolve(new JsonObject { ["Ref"] = topic.Key })!)];
        if (!alarm.Actions.Any(topics.Contains) || !alarm.OkActions.Any(topics.Contains))
        {
            yield return "it tells no topic of this template when it fires, or none when it is over";
        }

        if (alarm.TreatMissingData is null)
        {
            yield return "it does not say how missing data is treated";
        }

        if (alarm.RunbookAnchor is null)
        {
            yield return "its description does not end with 'Runbook: …/runbook.md#heading Query: name'";
        }

        if (alarm.Queries.Count(static query => query.IsShown) != 1)
        {
            yield return "exactly one entry of Metrics must have ReturnData: true";
        }
    }

    private static IEnumerable<(string Check, string Message)> DashboardProblems(CloudFormationTemplate template, EmittedTelemetry emitted)
    {
        try
        {
            var dashboard = Dashboard.Of(template);
            return
            [
                .. dashboard.Widgets.SelectMany(widget => PlaceProblems(widget, dashboard).Select(problem => (Drawn, $"widget '{widget.Title}': {problem}"))),
                .. dashboard.Widgets.SelectMany(widget => WidgetProblems(template, widget, emitted).Select(problem => (problem.Check, $"widget '{widget.Title}': {problem.Message}"))),
            ];
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException)
        {
            return [(Drawn, $"it cannot be read: {exception.Message}")];
        }
    }

    private static IEnumerable<string> PlaceProblems(Widget widget, Dashboard dashboard)
    {
        if (widget.X < 0 || widget.Y < 0 || widget.Width < 1 || widget.Height < 1 || widget.X + widget.Width > Widget.Columns)
        {
            yield return $"it is not within the {Widget.Columns} columns";
        }

        foreach (Widget other in dashboard.Widgets.Where(other => other != widget && Overlap(other, widget)))
        {
            yield return $"it overlaps '{other.Title}'";
        }
    }

    private static IEnumerable<(string Check, string Message)> WidgetProblems(CloudFormationTemplate template, Widget widget, EmittedTelemetry emitted) => widget.Type switch
    {
        "text" when widget.Markdown.Length > 0 => [],
        "alarm" => Arns(template).Except(widget.AlarmArns).Select(static arn => (Drawn, $"it lacks the alarm {arn}")),
        "metric" when widget.Queries.Any(static query => query.IsShown) => QueriesProblems(widget.Queries, emitted),
        "log" => QueryProblems(widget.Query, emitted),
        _ => [(Drawn, $"a widget of the type '{widget.Type}' without content")],
    };

    private static IEnumerable<string> Arns(CloudFormationTemplate template) =>
        template.OfType("AWS::CloudWatch::Alarm").Select(alarm => (string)template.Resolve(new JsonObject { ["Fn::GetAtt"] = new JsonArray(alarm.Key, "Arn") })!);

    private static bool Overlap(Widget one, Widget other) =>
        one.X < other.X + other.Width && other.X < one.X + one.Width && one.Y < other.Y + other.Height && other.Y < one.Y + one.Height;

    private static IEnumerable<(string Check, string Message)> QueriesProblems(IReadOnlyList<MetricQuery> queries, EmittedTelemetry emitted)
    {
        string[] problems = [.. MetricMath.Problems(queries)];
        return problems.Length > 0
            ? problems.Select(static problem => (Calculated, problem))
            : queries.Select(query => MetricProblem(query, emitted)).OfType<string>().Select(static problem => (Emitted, problem));
    }

    // A field must be written by one of the very events that the query asks for.
    private static IEnumerable<(string Check, string Message)> QueryProblems(string text, EmittedTelemetry emitted)
    {
        LogQuery query;
        try
        {
            query = LogQuery.Parse(text);
        }
        catch (FormatException exception)
        {
            return [(Written, exception.Message)];
        }

        string[] written = [.. query.EventIds.SelectMany(id => emitted.Logs.FieldsById[id])];
        return query.Fields.Except(written).Select(static field => (Written, $"none of its events writes the field '{field}'"));
    }
}
