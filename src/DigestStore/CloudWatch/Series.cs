namespace DigestStore.CloudWatch;

// The measurements of one metric with one combination of tags in one interval: the sum of a counter, or the values of a histogram.
internal sealed class Series(TrackedInstrument instrument, KeyValuePair<string, object?>[] tags)
{
    // 2,000 values fill 20 lines. If there are more, a uniform sample represents them (Vitter's algorithm R), which always includes the
    // least and the greatest.
    public const int MaxValues = 2000;

    private readonly List<double> _values = [];
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;

    public TrackedInstrument Instrument => instrument;

    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => tags;

    // The next series whose metric and tags have the same hash.
    public Series? Next { get; init; }

    public double Sum { get; private set; }

    public long Count { get; private set; }

    public void Add(double value, Random random)
    {
        Count++;
        if (instrument.IsCounter)
        {
            Sum += value;
            return;
        }

        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        if (_values.Count < MaxValues)
        {
            _values.Add(value);
        }
        else if (random.NextInt64(Count) is var index and < MaxValues)
        {
            _values[(int)index] = value;
        }
    }

    public double[] Values()
    {
        double[] values = [.. _values];
        if (Count > MaxValues)
        {
            (values[0], values[1]) = (_min, _max);
        }

        return values;
    }

    public bool Matches(TrackedInstrument other, ReadOnlySpan<KeyValuePair<string, object?>> otherTags)
    {
        if (otherTags.Length != tags.Length || !instrument.Equals(other))
        {
            return false;
        }

        for (int index = 0; index < tags.Length; index++)
        {
            if (!string.Equals(tags[index].Key, otherTags[index].Key, StringComparison.Ordinal) || !Equals(tags[index].Value, otherTags[index].Value))
            {
                return false;
            }
        }

        return true;
    }
}
