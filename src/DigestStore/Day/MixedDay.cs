using DigestStore.Identity;
using DigestStore.Records;

namespace DigestStore.Day;

// Finds items on a mixed day: one whose ids were made with several sets of identity rules, so that an id does not identify its page. There
// the items are matched by the ids that their URLs have under today's rules.
internal static class MixedDay
{
    // A mixed day stores this in place of a fingerprint. No set of rules has it, so the items are always matched by their URLs.
    public const string Fingerprint = "mixed";

    private enum Rank
    {
        // The item has not expired, and the id comes from its stored URL under today's rules.
        Live,

        // The URL cannot be read, or has no id under today's rules, so the id comes from the key.
        ByKey,

        Expired,
    }

    // Maps the id that each record has under today's rules to the record. If several records have the same id, the first by Match.Order wins.
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

    // All records that have this id under today's rules, sorted by Match.Order.
    public static List<ItemRecord> Matching(DigestItemId id, IEnumerable<ItemRecord> day, IdentityRuleSet identity, DateTimeOffset now)
    {
        List<Match> matches = [.. day.Select(record => Match.Of(record, identity, now)).Where(match => match.Id == id)];
        matches.Sort(static (one, other) => one.Order.CompareTo(other.Order));
        return matches.ConvertAll(static match => match.Record);
    }

    private readonly record struct Match(DigestItemId Id, ItemRecord Record, Rank Rank)
    {
        // Items that have not expired come before expired ones, and older ones before newer ones. The id decides between equal ones, so that
        // the order does not depend on how the records were read.
        public (Rank Rank, DateTimeOffset CreatedAt, DigestItemId Id) Order => (Rank, Record.Stored?.CreatedAt ?? default, Record.Id);

        public static Match Of(ItemRecord record, IdentityRuleSet identity, DateTimeOffset now)
        {
            bool isIdentified = DigestItemId.TryCreate(record.Stored?.Item.Url, identity, out DigestItemId id);
            Rank rank = record.IsExpired(now) ? Rank.Expired : isIdentified ? Rank.Live : Rank.ByKey;
            return new Match(isIdentified ? id : record.Id, record, rank);
        }
    }
}
