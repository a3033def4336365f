using DigestStore.Identity;

namespace DigestStore.Delivery;

// What an email contains, as it was when the call began. The ids are always made by the store's own identity rules.
internal sealed class SentItems
{
    private SentItems(int count, IReadOnlyList<string> urls, IReadOnlyCollection<DigestItemId> ids, IReadOnlyList<int> invalidUrls) =>
        (Count, Urls, Ids, InvalidUrls) = (count, urls, ids, invalidUrls);

    public int Count { get; }

    public IReadOnlyList<string> Urls { get; }

    public IReadOnlyCollection<DigestItemId> Ids { get; }

    // The places of the items that have no id.
    public IReadOnlyList<int> InvalidUrls { get; }

    public static SentItems Of(IReadOnlyCollection<DigestItem> items, IdentityRuleSet identity) => OfUrls([.. items.Select(static item => item?.Url)], identity);

    public static SentItems OfUrls(IReadOnlyList<string?> all, IdentityRuleSet identity)
    {
        var urls = new List<string>(all.Count);
        var ids = new HashSet<DigestItemId>(all.Count);
        var invalid = new List<int>();
        for (int index = 0; index < all.Count; index++)
        {
            if (DigestItemId.TryCreate(all[index], identity, out DigestItemId id))
            {
                urls.Add(all[index]!);
                ids.Add(id);
            }
            else
            {
                invalid.Add(index);
            }
        }

        return new SentItems(all.Count, urls, ids, invalid);
    }
}
