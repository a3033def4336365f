namespace EmailDigest.Tests.Support;

/// <summary>The parts of OTLP that the tests look at, by field number: https://github.com/open-telemetry/opentelemetry-proto.</summary>
internal static class Otlp
{
    public const int AsDouble = 4;
    public const int AsInteger = 6;
    public const int HistogramCount = 4;
    public const int ExplicitBounds = 7;
    public const int TraceId = 1;
    public const int SpanId = 2;
    public const int ParentSpanId = 4;
    public const int SpanName = 5;
    public const int LogTraceId = 9;

    public static IEnumerable<Proto> Resources(IEnumerable<Proto> posts) => posts.SelectMany(post => post.All(1, 1));

    public static Proto[] Spans(Collector collector) => [.. collector.Posts("/v1/traces").SelectMany(post => post.All(1, 2, 2))];

    public static Proto[] Logs(Collector collector) => [.. collector.Posts("/v1/logs").SelectMany(post => post.All(1, 2, 2))];

    /// <summary>The data points of one metric with these attributes, of the last export that has any, since totals are cumulative.</summary>
    public static Proto[] Sums(Collector collector, string metric, params (string Key, string Value)[] attributes) => Points(collector, metric, 7, 7, attributes);

    /// <inheritdoc cref="Sums"/>
    public static Proto[] Histograms(Collector collector, string metric, params (string Key, string Value)[] attributes) => Points(collector, metric, 9, 9, attributes);

    public static Dictionary<string, string> Attributes(Proto owner, int field) => owner.All(field).ToDictionary(pair => pair.Text(1), pair => Value(pair.All(2).Single()));

    private static Proto[] Points(Collector collector, string metric, int kind, int attributesField, (string Key, string Value)[] attributes) => collector.Posts("/v1/metrics")
        .Select(post => post.All(1, 2, 2).Where(candidate => candidate.Text(1) == metric).SelectMany(found => found.All(kind, 1)).Where(point => Fits(point, attributesField, attributes)).ToArray())
        .LastOrDefault(points => points.Length > 0) ?? [];

    private static bool Fits(Proto point, int attributesField, (string Key, string Value)[] attributes)
    {
        Dictionary<string, string> all = Attributes(point, attributesField);
        return attributes.All(wanted => all.GetValueOrDefault(wanted.Key) == wanted.Value);
    }

    private static string Value(Proto value) => value.Has(1) ? value.Text(1) : value.Has(3) ? $"{value.Integer(3)}" : value.Has(4) ? $"{value.Double(4)}" : "";
}
