using System.Text.Json.Nodes;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>One entry of an alarm's <c>Metrics</c> or of a widget's <c>metrics</c>: a metric with its statistic, or an expression over the others.</summary>
internal sealed record MetricQuery
{
    public required string Id { get; init; }

    public MetricIdentity? Metric { get; init; }

    public string Statistic { get; init; } = "Average";

    public string? Expression { get; init; }

    /// <summary>Whether the alarm compares it, or the widget shows it.</summary>
    public bool IsShown { get; init; } = true;

    public string? Label { get; init; }

    public string? Color { get; init; }

    public bool IsOnRightAxis { get; init; }

    public static MetricQuery OfAlarm(JsonObject entry) => new()
    {
        Id = (string)entry[nameof(Id)]!,
        Metric = entry["MetricStat"] is JsonObject stat ? MetricIdentity.Of((JsonObject)stat[nameof(Metric)]!) : null,
        Statistic = (string?)entry["MetricStat"]?["Stat"] ?? "",
        Expression = (string?)entry[nameof(Expression)],
        IsShown = (bool?)entry["ReturnData"] ?? true,
        Label = (string?)entry[nameof(Label)],
    };
}
