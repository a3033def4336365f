using DigestStore.Quality;
using DigestStore.Records;

namespace DigestStore.Day;

// Computes the statistics of a day from its items.
internal static class DayStatistics
{
    public static DigestStatistics Of(Digest digest)
    {
        var sources = new Dictionary<string, int>(StringComparer.Ordinal);
        var categories = new Dictionary<string, int>(StringComparer.Ordinal);
        var quality = new QualityCounter();
        DateTimeOffset? first = null;
        DateTimeOffset? last = null;
        long revisions = 0;
        long bytes = 0;
        int updated = 0;
        foreach (StoredDigestItem stored in digest)
        {
            Count(sources, stored.Item.Source);
            Count(categories, stored.Item.Category);
            quality.Add(stored.Item, ItemInspection.Of(stored.Item, digest.Date, stored.UpdatedAt));
            first = first < stored.CreatedAt ? first : stored.CreatedAt;
            last = last > stored.UpdatedAt ? last : stored.UpdatedAt;
            revisions += stored.Revision;
            updated += stored.Revision > 1 ? 1 : 0;
            bytes += SizeOf(stored);
        }

        return new DigestStatistics
        {
            Date = digest.Date,
            Items = digest.Count,
            Unreadable = digest.Unreadable,
            BySource = sources,
            ByCategory = categories,
            FirstStoredAt = first,
            LastStoredAt = last,
            Revisions = revisions,
            UpdatedItems = updated,
            Bytes = bytes,
            Quality = quality.ToQuality(),
        };
    }

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
