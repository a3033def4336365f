using DigestStore.Records;

namespace DigestStore.Storing;

// The ids of a mixed day (MixedDay). Some of them were made under other identity rules, so a new item's own id may belong to the record of
// another page. The item then gets another id.
internal sealed class MixedDayIds
{
    private readonly HashSet<DigestItemId> _taken = [];
    private readonly Dictionary<DigestItemId, DigestItemId> _assigned = [];

    public void Add(IEnumerable<ItemRecord> records) => _taken.UnionWith(records.Select(static record => record.Id));

    public DigestItemId IdForNew(DigestItemId own)
    {
        DigestItemId free = own;
        while (!_taken.Add(free))
        {
            // The loop ends, because a day has few ids and hashes of hashes do not hit them for ever.
            free = DigestItemId.FromCanonical(free.ToString());
        }

        _assigned[own] = free;
        return free;
    }

    public bool TryGetAssigned(DigestItemId own, out DigestItemId assigned) => _assigned.TryGetValue(own, out assigned);
}
