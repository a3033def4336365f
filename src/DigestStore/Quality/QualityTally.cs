namespace DigestStore.Quality;

// The counts of one source, or of all.
internal sealed class QualityTally
{
    private static readonly QualityFinding[] AllFindings = Enum.GetValues<QualityFinding>();

    private readonly Dictionary<QualityFinding, int> _findings = [];
    private readonly Dictionary<StoreProblemReason, int> _defects = [];
    private int _items;
    private int _summaries;
    private int _authors;
    private int _sources;
    private int _dates;
    private int _duplicates;

    public void Add(DigestItem item, FindingSet findings)
    {
        _items++;
        _summaries += string.IsNullOrWhiteSpace(item.Summary) ? 0 : 1;
        _authors += string.IsNullOrWhiteSpace(item.Author) ? 0 : 1;
        _sources += string.IsNullOrWhiteSpace(item.Source) ? 0 : 1;
        _dates += item.PublishedAt is null ? 0 : 1;
        if (findings.IsEmpty)
        {
            return;
        }

        foreach (QualityFinding finding in AllFindings)
        {
            if (findings.Has(finding))
            {
                _findings[finding] = _findings.GetValueOrDefault(finding) + 1;
            }
        }
    }

    public void Defect(StoreProblemReason reason) => _defects[reason] = _defects.GetValueOrDefault(reason) + 1;

    public void Duplicate() => _duplicates++;

    // A duplicate was none after all.
    public void Reinstate() => _duplicates--;

    public DigestQuality ToQuality(IReadOnlyDictionary<string, DigestQuality> bySource) => new()
    {
        Items = _items,
        WithSummary = _summaries,
        WithAuthor = _authors,
        WithSource = _sources,
        WithPublishedAt = _dates,
        Duplicates = _duplicates,
        Defects = _defects,
        Findings = new Dictionary<QualityFinding, int>(_findings),
        BySource = bySource,
    };
}
