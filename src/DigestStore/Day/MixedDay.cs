using DigestStore.Identity;
using DigestStore.Records;

namespace DigestStore.Day;

// What holds a day together whose ids were made under several sets of identity rules.
internal static class MixedDay
{
    // The fingerprint of such a day: equal to none, so its items are always matched by URL.
    public const string Fingerprint = "mixed";

    private enum Rank
    {
        // A live item whose stored URL has the id today.
        Live,

        // A record whose URL cannot be read or identified today, so that its key alone speaks for it.
        ByKey,

        Expired,
    }

    // The id that each record would have today → the record. Where several would have the same, the one that counts first.
    public static Dictionary<DigestItemId, ItemRecord> MatchByUrl(IEnumerable<ItemRecord> day, IdentityRuleSet identity, DateTimeOffset now)
    {
        var matches = new Dictionary<DigestItemId, Match>();
        foreach (ItemRecord record in day)
        {
            Match match = Match.Of(record, identity, now);
            if (!matches.TryGetValue(match.Id, out Match other) || match.Order.CompareTo(other.Order) < 0)
            {
                matches[match.Id] = match;
            }
        }

        return matches.ToDictionary(static match => match.Key, static match => match.Value.Record);
    }

    // All records that would have this id today, the one that counts first.
    public static List<ItemRecord> Matching(DigestItemId id, IEnumerable<ItemRecord> day, IdentityRuleSet identity, DateTimeOffset now)
    {
        List<Match> matches = [.. day.Select(record => Match.Of(record, identity, now)).Where(match => match.Id == id)];
        matches.Sort(static (one, other) => one.Order.CompareTo(other.Order));
        return matches.ConvertAll(static match => match.Record);
    }

    private readonly record struct Match(DigestItemId Id, ItemRecord Record, Rank Rank)
    {
        // Live before expired, older before newer; the id makes the order total.
        public (Rank Rank, DateTimeOffset CreatedAt, DigestItemId Id) Order => (Rank, Record.Stored?.CreatedAt ?? default, Record.Id);

        public static Match Of(ItemRecord record, IdentityRuleSet identity, DateTimeOffset now)
        {
            bool isIdentified = DigestItemId.TryCreate(record.Stored?.Item.Url, identity, out DigestItemId id);
            Rank rank = record.IsExpired(now) ? Rank.Expired : isIdentified ? Rank.Live : Rank.ByKey;
            return new Match(isIdentified ? id : record.Id, record, rank);
        }
    }
}
