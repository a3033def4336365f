using System.Diagnostics.CodeAnalysis;

namespace DigestStore.Storing;

// The items that are still to be written. Workers take batches out and put back what the table left over, so that the leftovers of several
// batches are packed together.
internal sealed class WritePool
{
    private readonly Lock _lock = new();
    private readonly Queue<PendingItem> _items = new();

    public void Add(IReadOnlyList<PendingItem> items)
    {
        lock (_lock)
        {
            _items.EnsureCapacity(_items.Count + items.Count);
            foreach (PendingItem item in items)
            {
                _items.Enqueue(item);
            }
        }
    }

    public List<PendingItem> TakeBatch(int maxItems)
    {
        lock (_lock)
        {
            return BatchPacker.Take(_items, maxItems);
        }
    }

    public bool TryTake([NotNullWhen(true)] out PendingItem? item)
    {
        lock (_lock)
        {
            return _items.TryDequeue(out item);
        }
    }
}
