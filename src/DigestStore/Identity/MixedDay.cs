using DigestStore.Table;

namespace DigestStore.Identity;

// What holds a day together whose ids were made under several sets of identity rules.
internal static class MixedDay
{
    // The fingerprint of such a day: equal to none, so its items are always matched by URL.
    public const string Fingerprint = "mixed";

    // The id that each record would have today → the record. Where two would have the same, the living, then the older one counts.
    public static Dictionary<DigestItemId, ItemRecord> MatchByUrl(IEnumerable<ItemRecord> day, IdentityRuleSet identity, DateTimeOffset now)
    {
        var matches = new Dictionary<DigestItemId, ItemRecord>();
        foreach (ItemRecord record in day)
        {
            DigestItemId id = record.IsReadable && identity.TryCanonicalize(record.Stored.Item.Url, out string? canonical, out _)
                ? DigestItemId.FromCanonical(canonical)
                : record.Id;
            if (!matches.TryGetValue(id, out ItemRecord? other) || IsBetter(record, other, now))
            {
                matches[id] = record;
            }
        }

        return matches;
    }

    private static bool IsBetter(ItemRecord record, ItemRecord other, DateTimeOffset now)
    {
        if (record.IsExpired(now) != other.IsExpired(now))
        {
            return other.IsExpired(now);
        }

        return record.Stored?.CreatedAt < other.Stored?.CreatedAt;
    }
}
