namespace DigestStore.CloudWatch;

// Makes lines of the embedded metric format from what was measured, without any I/O.
internal sealed class LineComposer(string metricNamespace, IEnumerable<KeyValuePair<string, string>> constants, int storageResolution)
{
    public const string DroppedMetric = "digeststore.cloudwatch.dropped";

    private const int MaxMetricsPerLine = 100;

    // CloudWatch takes at most 256 KB for a log event. 28 dimensions with the longest names and values take up 113 KB, because each name stands in
    // four places of a line, and escaping may double a text. The rest is for metrics, with some headroom.
    private const int MaxMetricBytes = 100 * 1024;

    private readonly KeyValuePair<string, string>[] _constants = [.. constants];

    public IEnumerable<string> Compose(IReadOnlyList<Series> all, long dropped, DateTimeOffset now)
    {
        foreach (DimensionGroup group in DimensionGroupCollection.Of(all).Groups)
        {
            foreach (string line in LinesOf(group, now))
            {
                yield return line;
            }
        }

        if (dropped > 0)
        {
            var rest = new DimensionGroup([], hasTotal: false);
            rest.Points.Add(new MetricPoint(DroppedMetric, "Count", new[] { (double)dropped }, IsArray: false));
            yield return Write(rest, rest.Points, now);
        }
    }

    // A line can have each metric only once, so the further values of a metric go to further lines. The loop ends, because every round takes
    // at least one point.
    private IEnumerable<string> LinesOf(DimensionGroup group, DateTimeOffset now)
    {
        List<MetricPoint> waiting = group.Points;
        while (waiting.Count > 0)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            List<MetricPoint> line = [];
            List<MetricPoint> later = [];
            int bytes = 0;
            foreach (MetricPoint point in waiting)
            {
                bool fits = line.Count == 0 || (line.Count < MaxMetricsPerLine && bytes + point.MaxBytes <= MaxMetricBytes);
                if (fits && names.Add(point.Name))
                {
                    line.Add(point);
                    bytes += point.MaxBytes;
                }
                else
                {
                    later.Add(point);
                }
            }

            yield return Write(group, line, now);
            waiting = later;
        }
    }

    private string Write(DimensionGroup group, List<MetricPoint> points, DateTimeOffset now) =>
        MetricLine.Write(metricNamespace, storageResolution, _constants, group, points, now);
}
