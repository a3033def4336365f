namespace DigestStore.CloudWatch;

// Collects what was measured since it was last taken. Recording happens in the middle of a store call, so it only touches memory, under a short
// lock.
internal sealed class SeriesBuffer
{
    public const int MaxSeries = 1000;

    // CloudWatch accepts only numbers between -2^360 and 2^360.
    private static readonly double Limit = Math.Pow(2, 360);

    private readonly Lock _lock = new();
    private readonly Random _random = new(0);
    private Dictionary<int, Series> _byHash = [];
    private List<Series> _all = [];
    private long _dropped;

    public void Record(TrackedInstrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        int hash = HashOf(instrument, tags);
        lock (_lock)
        {
            if (!(Math.Abs(value) <= Limit) || FindOrAdd(hash, instrument, tags) is not { } series)
            {
                _dropped++;
                return;
            }

            series.Add(value, _random);
        }
    }

    public (IReadOnlyList<Series> All, long Dropped) Take()
    {
        lock (_lock)
        {
            (IReadOnlyList<Series>, long) taken = (_all, _dropped);
            (_byHash, _all, _dropped) = ([], [], 0);
            return taken;
        }
    }

    // Returns null if the series is new and there are too many already.
    private Series? FindOrAdd(int hash, TrackedInstrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Series? first = _byHash.GetValueOrDefault(hash);
        for (Series? known = first; known is not null; known = known.Next)
        {
            if (known.Matches(instrument, tags))
            {
                return known;
            }
        }

        if (_all.Count >= MaxSeries)
        {
            return null;
        }

        var series = new Series(instrument, tags.ToArray()) { Next = first };
        _byHash[hash] = series;
        _all.Add(series);
        return series;
    }

    private static int HashOf(TrackedInstrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = default(HashCode);
        hash.Add(instrument.Name, StringComparer.Ordinal);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            hash.Add(tag.Key, StringComparer.Ordinal);
            hash.Add(tag.Value);
        }

        return hash.ToHashCode();
    }
}
