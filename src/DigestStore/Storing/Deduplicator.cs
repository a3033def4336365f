using System.Diagnostics.CodeAnalysis;

namespace DigestStore.Storing;

// Step 3 of StoreOperation: the distinct items of a window, in the order in which they first appeared. Of several copies, the last one
// gives the content and the first one the place in the digest.
internal sealed class Deduplicator
{
    private readonly Dictionary<DigestItemId, PendingItem> _byId = [];
    private readonly List<PendingItem> _distinct = [];

    public IReadOnlyList<PendingItem> Distinct => _distinct;

    public PendingItem? Find(DigestItemId id) => _byId.GetValueOrDefault(id);

    public void EnsureCapacity(int items)
    {
        _byId.EnsureCapacity(items);
        _distinct.EnsureCapacity(items);
    }

    // Returns true if the item takes the place of an earlier copy. The index of that copy can then be reported as a duplicate.
    public bool Add(PendingItem item, [NotNullWhen(true)] out int? replacedIndex)
    {
        if (_byId.TryGetValue(item.Id, out PendingItem? earlier))
        {
            replacedIndex = earlier.Index;
            earlier.Earlier = new EarlierCopy(earlier.Index, earlier.Content, earlier.Size, earlier.Letter, earlier.Earlier);
            earlier.Index = item.Index;
            earlier.Content = item.Content;
            earlier.Size = item.Size;
            earlier.Letter = item.Letter;
            return true;
        }

        _byId.Add(item.Id, item);
        _distinct.Add(item);
        replacedIndex = null;
        return false;
    }
}
