namespace DigestStore.Quality;

// Counts the whole and each source. Names of sources come from feeds: their number and their length are bounded, whatever the input.
internal sealed class QualityCounter
{
    private readonly QualityTally _all = new();
    private readonly Dictionary<string, QualityTally> _bySource = new(StringComparer.Ordinal);
    private int _named;

    public void Add(DigestItem? item, FindingSet findings)
    {
        if (item is null)
        {
            return;
        }

        _all.Add(item, findings);
        Of(item.Source).Add(item, findings);
    }

    public void Defect(DigestItem? item, StoreProblemReason reason)
    {
        _all.Defect(reason);
        if (item is not null)
        {
            Of(item.Source).Defect(reason);
        }
    }

    public void Duplicate(DigestItem later)
    {
        _all.Duplicate();
        Of(later.Source).Duplicate();
    }

    public void Reinstate(DigestItem later)
    {
        _all.Reinstate();
        Of(later.Source).Reinstate();
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

    private QualityTally Of(string? source)
    {
        ReadOnlySpan<char> name = NameOf(source);
        Dictionary<string, QualityTally>.AlternateLookup<ReadOnlySpan<char>> tallies = _bySource.GetAlternateLookup<ReadOnlySpan<char>>();
        if (tallies.TryGetValue(name, out QualityTally? tally))
        {
            return tally;
        }

        if (!name.IsEmpty && _named == QualityRules.MaxSources)
        {
            name = QualityRules.OtherSources;
            if (tallies.TryGetValue(name, out tally))
            {
                return tally;
            }
        }
        else if (!name.IsEmpty)
        {
            _named++;
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
