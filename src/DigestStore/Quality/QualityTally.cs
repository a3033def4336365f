namespace DigestStore.Quality;

// The counts of the items of one source, or of all items.
internal sealed class QualityTally
{
    private static readonly QualityFinding[] AllFindings = Enum.GetValues<QualityFinding>();

    private readonly Dictionary<QualityFinding, int> _findings = [];
    private readonly Dictionary<StoreProblemReason, int> _defects = [];
    private int _items;
    private int _summaries;
    private int _authors;
    private int _sources;
    private int _publicationDates;
    private int _duplicates;

    public void Add(DigestItem item, FindingSet findings)
    {
        _items++;
        _summaries += string.IsNullOrWhiteSpace(item.Summary) ? 0 : 1;
        _authors += string.IsNullOrWhiteSpace(item.Author) ? 0 : 1;
        _sources += string.IsNullOrWhiteSpace(item.Source) ? 0 : 1;
        _publicationDates += item.PublishedAt is null ? 0 : 1;
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

    public void AddDefect(StoreProblemReason reason) => _defects[reason] = _defects.GetValueOrDefault(reason) + 1;

    public void AddDuplicate() => _duplicates++;

    // The later item that had replaced an earlier one cannot be stored, so the earlier one is no duplicate after all.
    public void RemoveDuplicate() => _duplicates--;

    public DigestQuality ToQuality(IReadOnlyDictionary<string, DigestQuality> bySource) => new()
    {
        Items = _items,
        WithSummary = _summaries,
        WithAuthor = _authors,
        WithSource = _sources,
        WithPublishedAt = _publicationDates,
        Duplicates = _duplicates,
        Defects = _defects,
        Findings = new Dictionary<QualityFinding, int>(_findings),
        BySource = bySource,
    };
}
