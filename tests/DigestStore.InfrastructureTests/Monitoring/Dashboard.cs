using System.Text.Json;
using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>The widgets of the template's dashboard, as CloudWatch reads them from its JSON.</summary>
internal sealed record Dashboard(IReadOnlyList<Widget> Widgets)
{
    /// <exception cref="JsonException">The body is no JSON.</exception>
    /// <exception cref="FormatException">A widget is none.</exception>
    public static Dashboard Of(CloudFormationTemplate template)
    {
        string body = (string)template.Resolve(template.OfType("AWS::CloudWatch::Dashboard").Single().Value["Properties"]!["DashboardBody"])!;
        return new Dashboard([.. JsonNode.Parse(body)!["widgets"]!.AsArray().Select(static widget => Widget.Of((JsonObject)widget!))]);
    }
}

/// <summary>A box of the dashboard; its place is in units of a grid that is 24 wide.</summary>
internal sealed record Widget(string Type, int X, int Y, int Width, int Height, JsonObject Properties)
{
    public const int Columns = 24;

    public string Title => Text("title") ?? "";

    public string Markdown => Text("markdown") ?? "";

    /// <summary>What a log widget asks, without its source.</summary>
    public string Query => Text("query") ?? "";

    public string[] AlarmArns => [.. (Properties["alarms"] as JsonArray ?? []).Select(static arn => (string)arn!)];

    public string View => Text("view") ?? "timeSeries";

    public bool IsStacked => (bool?)Properties["stacked"] ?? false;

    public TimeSpan Period => TimeSpan.FromSeconds((int?)Properties["period"] ?? 300);

    public IReadOnlyList<MetricQuery> Queries { get; private init; } = [];

    public IEnumerable<(double Value, string Label, string Color)> Thresholds =>
        from line in Properties["annotations"]?["horizontal"] as JsonArray ?? []
        select ((double)line["value"]!, (string)line["label"]!, (string)line["color"]!);

    public string? AxisLabel(string side) => (string?)Properties["yAxis"]?[side]?["label"];

    public static Widget Of(JsonObject widget)
    {
        var properties = (JsonObject)widget["properties"]!;
        return new Widget((string)widget["type"]!, At("x"), At("y"), At("width"), At("height"), properties) { Queries = QueriesOf(properties) };

        int At(string member) => (int?)widget[member] ?? throw new FormatException($"The widget '{(string?)properties["title"]}' has no '{member}'.");
    }

    private string? Text(string property) => (string?)Properties[property];

    // A metric is ["namespace", "name", "dimension", "value", …, { options }]. "." repeats what the entry before has in this place, and "..." as much of
    // it as is left. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    private static List<MetricQuery> QueriesOf(JsonObject properties)
    {
        List<MetricQuery> queries = [];
        string[] before = [];
        foreach (JsonNode? entry in properties["metrics"] as JsonArray ?? [])
        {
            JsonObject options = entry!.AsArray().OfType<JsonObject>().SingleOrDefault() ?? [];
            string[] names = [.. entry.AsArray().OfType<JsonValue>().Select(static name => (string)name!)];
            if (names.Length > 0)
            {
                before = names = Full(names, before);
            }

            queries.Add(new MetricQuery
            {
                Id = (string?)options["id"] ?? $"q{queries.Count}",
                Metric = names.Length == 0 ? null : MetricIdentity.Of(names[0], names[1], names[2..].Chunk(2).Select(static pair => (pair[0], pair[1]))),
                Expression = (string?)options["expression"],
                Statistic = (string?)options["stat"] ?? (string?)properties["stat"] ?? "Average",
                IsShown = (bool?)options["visible"] ?? true,
                Label = (string?)options["label"],
                Color = (string?)options["color"],
                IsOnRightAxis = (string?)options["yAxis"] == "right",
            });
        }

        return queries;
    }

    private static string[] Full(string[] names, string[] before)
    {
        string[] whole = names[0] == "..." ? [.. before[..^(names.Length - 1)], .. names[1..]] : names;
        whole = [.. whole.Select((name, place) => name == "." ? before[place] : name)];
        return whole.Length >= 2 && whole.Length % 2 == 0 && !whole.Contains("...")
            ? whole
            : throw new FormatException($"[{string.Join(", ", names)}] is no metric: it needs a namespace, a name and pairs of dimensions.");
    }
}
