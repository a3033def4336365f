using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Testing;

/// <summary>The records that in-memory repositories keep. Repositories that get the same storage share a table.</summary>
/// <remarks>It is safe for concurrent use. The records are kept as long as the storage is referenced.</remarks>
public sealed class InMemoryDigestStorage
{
    private readonly Lock _lock = new();

    // The key is the table and the partition key. Each partition maps sort keys to records, in the order in which DynamoDB returns them.
    private readonly Dictionary<(string Table, string PartitionKey), SortedDictionary<string, Dictionary<string, AttributeValue>>> _partitions = [];

    /// <summary>How many records there are, headers included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _partitions.Values.Sum(partition => partition.Count);
            }
        }
    }

    /// <summary>Removes every record.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _partitions.Clear();
        }
    }

    // Only one operation runs at a time, so that a reader never sees a write that is half done.
    internal T With<T>(string table, string partitionKey, Func<SortedDictionary<string, Dictionary<string, AttributeValue>>, T> operation)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue((table, partitionKey), out SortedDictionary<string, Dictionary<string, AttributeValue>>? partition))
            {
                partition = new(KeyOrder.Instance);
                _partitions.Add((table, partitionKey), partition);
            }

            return operation(partition);
        }
    }

    // The records of a table that have this partition key in the index by-status, in the order in which DynamoDB returns them.
    internal List<Dictionary<string, AttributeValue>> ListByStatus(string table, string partitionKey)
    {
        lock (_lock)
        {
            return
            [
                .. _partitions
                    .Where(partition => string.Equals(partition.Key.Table, table, StringComparison.Ordinal))
                    .SelectMany(static partition => partition.Value.Values)
                    .Where(record => string.Equals(ItemReader.Text(record, N.StatusIndexPk), partitionKey, StringComparison.Ordinal) && ItemReader.Text(record, N.StatusIndexSk) is not null)
                    .OrderBy(static record => record[N.StatusIndexSk].S, KeyOrder.Instance)
                    .ThenBy(static record => record[N.Pk].S, KeyOrder.Instance)
                    .ThenBy(static record => record[N.Sk].S, KeyOrder.Instance),
            ];
        }
    }
}
