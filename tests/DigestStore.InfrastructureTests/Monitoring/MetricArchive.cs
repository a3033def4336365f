using System.Globalization;
using System.Text.Json;

namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>Keeps lines of the embedded metric format as CloudWatch does: each metric in each of its dimension sets, by time.</summary>
internal sealed class MetricArchive
{
    private readonly Dictionary<MetricIdentity, List<(DateTimeOffset At, double[] Values, string Line)>> _metrics = [];

    public IReadOnlyCollection<MetricIdentity> Identities => _metrics.Keys;

    public void Add(string line)
    {
        using var document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        JsonElement metadata = root.GetProperty("_aws");
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(metadata.GetProperty("Timestamp").GetInt64());
        foreach (JsonElement directive in metadata.GetProperty("CloudWatchMetrics").EnumerateArray())
        {
            foreach (JsonElement metric in directive.GetProperty("Metrics").EnumerateArray())
            {
                string name = metric.GetProperty("Name").GetString()!;
                double[] values = Values(root.GetProperty(name));
                foreach (JsonElement set in directive.GetProperty("Dimensions").EnumerateArray())
                {
                    MetricIdentity identity = MetricIdentity.Of(
                        directive.GetProperty("Namespace").GetString()!, name, set.EnumerateArray().Select(key => (key.GetString()!, root.GetProperty(key.GetString()!).GetString()!)));
                    PointsOf(identity).Add((at, values, line));
                }
            }
        }
    }

    /// <summary>A line that has the metric in this very dimension set; <see langword="null"/> if none has.</summary>
    public string? SampleOf(MetricIdentity identity) => _metrics.TryGetValue(identity, out var points) ? points[0].Line : null;

    /// <summary>One value for each period that has data.</summary>
    /// <param name="identity">The metric.</param>
    /// <param name="statistic">Sum, Average, Minimum, Maximum, SampleCount, or a percentile such as p99.</param>
    /// <param name="window">Which periods.</param>
    public SortedDictionary<DateTimeOffset, double> Series(MetricIdentity identity, string statistic, Window window)
    {
        var series = new SortedDictionary<DateTimeOffset, double>();
        if (_metrics.TryGetValue(identity, out var points))
        {
            foreach (var period in points.Where(point => window.Contains(point.At)).GroupBy(point => window.StartOf(point.At)))
            {
                series.Add(period.Key, Statistic(statistic, [.. period.SelectMany(static point => point.Values).Order()]));
            }
        }

        return series;
    }

    private static double Statistic(string name, double[] sorted) => name switch
    {
        "Sum" => sorted.Sum(),
        "Average" => sorted.Average(),
        "Minimum" => sorted[0],
        "Maximum" => sorted[^1],
        "SampleCount" => sorted.Length,
        _ when name[0] == 'p' && double.TryParse(name[1..], CultureInfo.InvariantCulture, out double percent) => Percentile(sorted, percent),
        _ => throw new NotSupportedException($"The tests do not know the statistic '{name}'. Add it to {nameof(MetricArchive)}."),
    };

    // The nearest rank. CloudWatch does not publish its own rule; for the few values of a daily job the two differ by less than the thresholds care.
    private static double Percentile(double[] sorted, double percent) => sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * percent / 100) - 1, 0, sorted.Length - 1)];

    private static double[] Values(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(static number => number.GetDouble())] : [value.GetDouble()];

    private List<(DateTimeOffset At, double[] Values, string Line)> PointsOf(MetricIdentity identity)
    {
        if (!_metrics.TryGetValue(identity, out var points))
        {
            _metrics.Add(identity, points = []);
        }

        return points;
    }
}
