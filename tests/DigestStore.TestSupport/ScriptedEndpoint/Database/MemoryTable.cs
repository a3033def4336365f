using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>The items of one table in key order. Not thread-safe: its database has the lock.</summary>
internal sealed class MemoryTable
{
    private readonly SortedDictionary<string, SortedDictionary<ItemKey, JsonObject>> _partitions = new(Comparer<string>.Create(ItemKey.Compare));

    public IEnumerable<JsonObject> All => _partitions.Values.SelectMany(partition => partition.Values);

    public int Count => _partitions.Values.Sum(partition => partition.Count);

    public JsonObject? Find(ItemKey key) => _partitions.GetValueOrDefault(key.Partition)?.GetValueOrDefault(key);

    public void Put(ItemKey key, JsonObject item)
    {
        if (!_partitions.TryGetValue(key.Partition, out var partition))
        {
            _partitions[key.Partition] = partition = [];
        }

        partition[key] = item;
    }

    public JsonObject? Remove(ItemKey key)
    {
        return _partitions.GetValueOrDefault(key.Partition) is { } partition && partition.Remove(key, out var item) ? item : null;
    }

    public IEnumerable<KeyValuePair<ItemKey, JsonObject>> Partition(string name, bool ascending)
    {
        var partition = _partitions.GetValueOrDefault(name) ?? [];
        return ascending ? partition : partition.Reverse();
    }
}
