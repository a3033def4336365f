using System.Diagnostics.CodeAnalysis;

namespace DigestStore.Storing;

// The distinct items of a window in order of first appearance. The last copy of an id gives the content, the first its place.
internal sealed class Deduplicator
{
    private readonly Dictionary<DigestItemId, PendingItem> _byId = [];
    private readonly List<PendingItem> _distinct = [];

    public IReadOnlyList<PendingItem> Distinct => _distinct;

    public void EnsureCapacity(int items)
    {
        _byId.EnsureCapacity(items);
        _distinct.EnsureCapacity(items);
    }

    // True when an earlier copy gave way; its index is then free to be reported as a duplicate.
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
