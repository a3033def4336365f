using System.Text;

namespace DigestStore.CloudWatch;

// Groups the series by their tags, and adds the zeros.
internal sealed class DimensionGroupCollection
{
    private const int MaxTags = 18;
    private const int MaxValuesPerLine = 100;

    private readonly Dictionary<string, DimensionGroup> _groups = new(StringComparer.Ordinal);

    public IEnumerable<DimensionGroup> Groups => _groups.Values;

    public static DimensionGroupCollection Of(IReadOnlyList<Series> all)
    {
        var groups = new DimensionGroupCollection();
        var zeros = new ZeroFiller();
        foreach (Series series in all)
        {
            DimensionGroup group = groups.GroupOf(TagsOf(series.Tags), StoreTags.HasTotal(series.Instrument.Name));
            zeros.Observe(series.Instrument, group.Tags);
            AddPoints(group, series);
        }

        foreach ((TrackedInstrument instrument, KeyValuePair<string, string>[] tags) in zeros.MissingZeros())
        {
            groups.GroupOf(tags, hasTotal: true).Points.Add(new MetricPoint(instrument.Name, instrument.Unit, new double[1], IsArray: false));
        }

        return groups;
    }

    private static void AddPoints(DimensionGroup group, Series series)
    {
        TrackedInstrument instrument = series.Instrument;
        if (instrument.IsCounter)
        {
            group.Points.Add(new MetricPoint(instrument.Name, instrument.Unit, new[] { series.Sum }, IsArray: false));
            return;
        }

        double[] values = series.Values();
        for (int start = 0; start < values.Length; start += MaxValuesPerLine)
        {
            var part = new ReadOnlyMemory<double>(values, start, Math.Min(MaxValuesPerLine, values.Length - start));
            group.Points.Add(new MetricPoint(instrument.Name, instrument.Unit, part, IsArray: true));
        }

        if (series.Count > values.Length)
        {
            group.Points.Add(new MetricPoint(instrument.Name + ".unsampled", "Count", new[] { (double)(series.Count - values.Length) }, IsArray: false));
        }
    }

    private DimensionGroup GroupOf(KeyValuePair<string, string>[] tags, bool hasTotal)
    {
        var key = new StringBuilder(hasTotal ? "+" : "-");
        foreach ((string name, string value) in tags)
        {
            // AsciiText has replaced all line feeds, so different tags always have different keys.
            key.Append(name).Append('\n').Append(value).Append('\n');
        }

        string text = key.ToString();
        if (!_groups.TryGetValue(text, out DimensionGroup? group))
        {
            group = new DimensionGroup(tags, hasTotal);
            _groups.Add(text, group);
        }

        return group;
    }

    // Tags are sorted by name, so that the order in which they were given makes no difference.
    private static KeyValuePair<string, string>[] TagsOf(ReadOnlySpan<KeyValuePair<string, object?>> given)
    {
        var tags = new KeyValuePair<string, string>[Math.Min(given.Length, MaxTags)];
        for (int index = 0; index < tags.Length; index++)
        {
            tags[index] = new(AsciiText.Name(given[index].Key), AsciiText.Value(given[index].Value));
        }

        Array.Sort(tags, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return tags;
    }
}
