using System.Text.Json.Nodes;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>What CloudWatch takes for one metric: a namespace, a name and the whole set of dimensions.</summary>
internal sealed record MetricIdentity(string Namespace, string Name, string Dimensions)
{
    public const string Aws = "AWS/";

    public bool IsAws => Namespace.StartsWith(Aws, StringComparison.Ordinal);

    /// <summary>The names of the dimensions, in their order.</summary>
    public string[] DimensionNames => [.. Pairs.Select(static pair => pair.Name)];

    public IEnumerable<(string Name, string Value)> Pairs =>
        from pair in Dimensions.Split(',', StringSplitOptions.RemoveEmptyEntries)
        let parts = pair.Split('=', 2)
        select (parts[0], parts[1]);

    public static MetricIdentity Of(string metricNamespace, string name, IEnumerable<(string Name, string Value)> dimensions) =>
        new(metricNamespace, name, string.Join(',', dimensions.Select(static pair => $"{pair.Name}={pair.Value}").Order(StringComparer.Ordinal)));

    /// <summary>The <c>Namespace</c>, <c>MetricName</c> and <c>Dimensions</c> of an alarm's properties or of a <c>Metric</c>.</summary>
    public static MetricIdentity Of(JsonObject metric) => Of(
        (string)metric[nameof(Namespace)]!, (string)metric["MetricName"]!, (metric[nameof(Dimensions)] as JsonArray ?? []).Select(static entry => ((string)entry![nameof(Name)]!, (string)entry["Value"]!)));

    public override string ToString() => $"{Namespace} {Name} {{{Dimensions}}}";
}
