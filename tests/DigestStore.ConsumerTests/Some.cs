using DigestStore;

namespace ConsumerTests;

internal static class Some
{
    public static readonly DateOnly Day = new(2026, 11, 21);

    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static DigestItem Link(string title = "A headline", string url = "https://example.org/a") => new() { Url = url, Title = title };

    public static StoredDigestItem Stored(DigestItem item, int ordinal = 0, DateTimeOffset? createdAt = null, string id = "00000000000000000000000000000001") => new()
    {
        Id = DigestItemId.Parse(id),
        Date = Day,
        Item = item,
        CanonicalUrl = item.Url,
        CreatedAt = createdAt ?? Noon,
        UpdatedAt = createdAt ?? Noon,
        Ordinal = ordinal,
    };
}
