namespace DigestStore.Storing;

internal sealed class QualityCounter
{
    private readonly Dictionary<StoreProblemReason, int> _defects = [];
    private int _items;
    private int _summaries;
    private int _authors;
    private int _sources;
    private int _dates;

    public void Add(DigestItem? item)
    {
        if (item is null)
        {
            return;
        }

        _items++;
        _summaries += string.IsNullOrWhiteSpace(item.Summary) ? 0 : 1;
        _authors += string.IsNullOrWhiteSpace(item.Author) ? 0 : 1;
        _sources += string.IsNullOrWhiteSpace(item.Source) ? 0 : 1;
        _dates += item.PublishedAt is null ? 0 : 1;
    }

    public void Defect(StoreProblemReason reason) => _defects[reason] = _defects.GetValueOrDefault(reason) + 1;

    public DigestQuality ToQuality() => new()
    {
        Items = _items,
        WithSummary = _summaries,
        WithAuthor = _authors,
        WithSource = _sources,
        WithPublishedAt = _dates,
        Defects = _defects,
    };
}
