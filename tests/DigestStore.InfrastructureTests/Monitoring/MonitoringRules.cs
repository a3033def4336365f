using System.Text.Json;
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

    /// <summary>Every fault, each beginning with the logical id of its resource.</summary>
    public static IReadOnlyList<string> Problems(CloudFormationTemplate template, EmittedTelemetry emitted) =>
    [
        .. Alarm.AllOf(template).SelectMany(alarm => AlarmProblems(template, alarm, emitted).Select(problem => $"{alarm.LogicalId}: {problem}")),
        .. DashboardProblems(template, emitted).Select(static problem => $"Dashboard: {problem}"),
        .. SavedQuery.AllOf(template).SelectMany(query => QueryProblems(query.Query, emitted).Select(problem => $"{query.LogicalId}: {problem}")),
    ];

    /// <summary>What keeps a query's metric or search from having data; <see langword="null"/> for nothing.</summary>
    public static string? MetricProblem(MetricQuery query, EmittedTelemetry emitted)
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

    private static IEnumerable<string> AlarmProblems(CloudFormationTemplate template, Alarm alarm, EmittedTelemetry emitted)
    {
        string[] topics = [.. template.OfType("AWS::SNS::Topic").Select(topic => (string)template.Resolve(new System.Text.Json.Nodes.JsonObject { ["Ref"] = topic.Key })!)];
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

        foreach (string problem in QueriesProblems(alarm.Queries, emitted))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> DashboardProblems(CloudFormationTemplate template, EmittedTelemetry emitted)
    {
        Dashboard? dashboard = null;
        string? broken = null;
        try
        {
            dashboard = Dashboard.Of(template);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException)
        {
            broken = $"it cannot be read: {exception.Message}";
        }

        return broken is not null ? [broken] : dashboard!.Widgets.SelectMany(widget => WidgetProblems(template, widget, dashboard, emitted).Select(problem => $"widget '{widget.Title}': {problem}"));
    }

    private static IEnumerable<string> WidgetProblems(CloudFormationTemplate template, Widget widget, Dashboard dashboard, EmittedTelemetry emitted)
    {
        if (widget.X < 0 || widget.Y < 0 || widget.Width < 1 || widget.Height < 1 || widget.X + widget.Width > Widget.Columns)
        {
            yield return $"it is not within the {Widget.Columns} columns";
        }

        foreach (Widget other in dashboard.Widgets.Where(other => other != widget && Overlap(other, widget)))
        {
            yield return $"it overlaps '{other.Title}'";
        }

        string[] arns = [.. template.OfType("AWS::CloudWatch::Alarm").Select(alarm => (string)template.Resolve(System.Text.Json.Nodes.JsonNode.Parse($$"""{"Fn::GetAtt":["{{alarm.Key}}","Arn"]}"""))!)];
        IEnumerable<string> problems = widget.Type switch
        {
            "text" when widget.Markdown.Length > 0 => [],
            "alarm" => arns.Except(widget.AlarmArns).Select(static arn => $"it lacks the alarm {arn}"),
            "metric" when widget.Queries.Any(static query => query.IsShown) => QueriesProblems(widget.Queries, emitted),
            "log" => QueryProblems(widget.Query, emitted),
            _ => [$"a widget of the type '{widget.Type}' without content"],
        };
        foreach (string problem in problems)
        {
            yield return problem;
        }
    }

    private static bool Overlap(Widget one, Widget other) =>
        one.X < other.X + other.Width && other.X < one.X + one.Width && one.Y < other.Y + other.Height && other.Y < one.Y + one.Height;

    private static IEnumerable<string> QueriesProblems(IReadOnlyList<MetricQuery> queries, EmittedTelemetry emitted)
    {
        string[] problems = [.. MetricMath.Problems(queries)];
        return problems.Length > 0 ? problems : queries.Select(query => MetricProblem(query, emitted)).OfType<string>();
    }

    // A field must be written by one of the very events that the query asks for.
    private static IEnumerable<string> QueryProblems(string text, EmittedTelemetry emitted)
    {
        LogQuery query;
        try
        {
            query = LogQuery.Parse(text);
        }
        catch (FormatException exception)
        {
            return [exception.Message];
        }

        string[] written = [.. query.EventIds.SelectMany(id => emitted.Logs.FieldsById[id])];
        return query.Fields.Except(written).Select(static field => $"none of its events writes the field '{field}'");
    }
}
