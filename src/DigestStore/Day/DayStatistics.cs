using DigestStore.Quality;
using DigestStore.Records;

namespace DigestStore.Day;

// Sums up the items of a day, or of several days one after the other.
internal sealed class DayStatistics
{
    private readonly Dictionary<string, int> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _categories = new(StringComparer.Ordinal);
    private readonly QualityCounter _quality = new();
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;
    private int _items;
    private int _unreadable;
    private int _updated;
    private long _revisions;
    private long _bytes;

    public static DigestStatistics Of(Digest digest)
    {
        var statistics = new DayStatistics();
        statistics.Add(digest);
        return new DigestStatistics
        {
            Date = digest.Date,
            Items = statistics._items,
            Unreadable = statistics._unreadable,
            BySource = statistics._sources,
            ByCategory = statistics._categories,
            FirstStoredAt = statistics._first,
            LastStoredAt = statistics._last,
            Revisions = statistics._revisions,
            UpdatedItems = statistics._updated,
            Bytes = statistics._bytes,
            Quality = statistics._quality.ToQuality(),
        };
    }

    public void Add(Digest digest)
    {
        _unreadable += digest.Unreadable;
        foreach (StoredDigestItem stored in digest)
        {
            Count(_sources, stored.Item.Source);
            Count(_categories, stored.Item.Category);
            _quality.Add(stored.Item, ItemInspection.Of(stored.Item, digest.Date, stored.UpdatedAt));
            _first = _first < stored.CreatedAt ? _first : stored.CreatedAt;
            _last = _last > stored.UpdatedAt ? _last : stored.UpdatedAt;
            _items++;
            _revisions += stored.Revision;
            _updated += stored.Revision > 1 ? 1 : 0;
            _bytes += SizeOf(stored);
        }
    }

    public PeriodStatistics ToPeriod(DateOnly from, DateOnly to, int days, int daysWithoutHeader) => new()
    {
        From = from,
        To = to,
        Days = days,
        DaysWithoutHeader = daysWithoutHeader,
        Items = _items,
        Unreadable = _unreadable,
        BySource = _sources,
        ByCategory = _categories,
        FirstStoredAt = _first,
        LastStoredAt = _last,
        Revisions = _revisions,
        UpdatedItems = _updated,
        Bytes = _bytes,
        Quality = _quality.ToQuality(),
    };

    private static void Count(Dictionary<string, int> counts, string? name)
    {
        string key = string.IsNullOrWhiteSpace(name) ? "" : name;
        counts[key] = counts.GetValueOrDefault(key) + 1;
    }

    // The digest's name is part of the key but not known here. The default name is a good estimate, because names are short.
    private static int SizeOf(StoredDigestItem stored)
    {
        // An item that the host has built itself may have lists that are null.
        var content = new CleanItem
        {
            Item = stored.Item,
            CanonicalUrl = stored.CanonicalUrl,
            Tags = [.. stored.Item.Tags ?? []],
            Metadata = stored.Item.Metadata is { } metadata ? [.. metadata] : [],
        };
        return ItemSize.Of(content, DigestStoreDefaults.DigestName);
    }
}
