namespace DigestStore.Quality;

// Counts the quality of all items, and of the items of each source. The names of sources come from feeds, so their number and their length
// are limited: an input must not be able to use up memory.
internal sealed class QualityCounter
{
    private readonly QualityTally _all = new();
    private readonly Dictionary<string, QualityTally> _bySource = new(StringComparer.Ordinal);
    private int _namedSources;

    public void Add(DigestItem? item, FindingSet findings)
    {
        if (item is null)
        {
            return;
        }

        _all.Add(item, findings);
        TallyOf(item.Source).Add(item, findings);
    }

    public void AddDefect(DigestItem? item, StoreProblemReason reason)
    {
        _all.AddDefect(reason);
        if (item is not null)
        {
            TallyOf(item.Source).AddDefect(reason);
        }
    }

    public void AddDuplicate(DigestItem later)
    {
        _all.AddDuplicate();
        TallyOf(later.Source).AddDuplicate();
    }

    public void RemoveDuplicate(DigestItem later)
    {
        _all.RemoveDuplicate();
        TallyOf(later.Source).RemoveDuplicate();
    }

    public DigestQuality ToQuality()
    {
        var bySource = new Dictionary<string, DigestQuality>(_bySource.Count, StringComparer.Ordinal);
        foreach ((string source, QualityTally tally) in _bySource)
        {
            bySource.Add(source, tally.ToQuality(DigestQuality.None.BySource));
        }

        return _all.ToQuality(bySource);
    }

    private QualityTally TallyOf(string? source)
    {
        ReadOnlySpan<char> name = NameOf(source);
        Dictionary<string, QualityTally>.AlternateLookup<ReadOnlySpan<char>> tallies = _bySource.GetAlternateLookup<ReadOnlySpan<char>>();
        if (tallies.TryGetValue(name, out QualityTally? tally))
        {
            return tally;
        }

        if (!name.IsEmpty && _namedSources == QualityRules.MaxSources)
        {
            name = QualityRules.OtherSources;
            if (tallies.TryGetValue(name, out tally))
            {
                return tally;
            }
        }
        else if (!name.IsEmpty)
        {
            _namedSources++;
        }

        return tallies[name] = new QualityTally();
    }

    private static ReadOnlySpan<char> NameOf(string? source)
    {
        if (string.IsNullOrWhiteSpace(source))
        {
            return default;
        }

        int length = Math.Min(source.Length, QualityRules.MaxSourceLength);
        bool splitsPair = length < source.Length && char.IsHighSurrogate(source[length - 1]);
        return source.AsSpan(0, splitsPair ? length - 1 : length);
    }
}
