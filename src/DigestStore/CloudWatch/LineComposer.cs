namespace DigestStore.CloudWatch;

// What was measured → lines of the embedded metric format. Pure.
internal sealed class LineComposer(string metricNamespace, IEnumerable<KeyValuePair<string, string>> constants, int storageResolution)
{
    public const string DroppedMetric = "digeststore.cloudwatch.dropped";

    private const int MaxMetricsPerLine = 100;

    // Beside it, 28 dimensions of the greatest length take up 113 KB in four places each: together below the 256 KB of a log event.
    private const int MaxMetricBytes = 100 * 1024;

    private readonly KeyValuePair<string, string>[] _constants = [.. constants];

    public IEnumerable<string> Compose(IReadOnlyList<Series> all, long dropped, DateTimeOffset now)
    {
        foreach (DimensionGroup group in GroupBook.Of(all).Groups)
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

    // A line has each metric once, so the further values of one go to further lines. Each round takes one point at least.
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
