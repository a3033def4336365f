using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// Finds the writes that a response returns as unprocessed. Every other write of the batch counts as stored. So each entry must either
// clearly be a write of the batch or clearly not be one; otherwise nothing can be said about the batch.
internal sealed class UnprocessedItemsReader
{
    private readonly string _partitionKey;
    private readonly HashSet<string> _sent;
    private readonly HashSet<DigestItemId> _unprocessed = [];

    private UnprocessedItemsReader(WriteBatch batch)
    {
        _partitionKey = batch.Partition.Key;

        // The keys are compared without case. A key of the batch in another case is then found to be damaged, and not taken for the key of
        // another record.
        _sent = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ItemPut put in batch.Puts)
        {
            _sent.Add(RecordKeys.Item(put.Id));
        }

        foreach (DigestItemId id in batch.Deletes)
        {
            _sent.Add(RecordKeys.Item(id));
        }
    }

    // Null if the response does not tell which writes were stored.
    public static IReadOnlyList<DigestItemId>? Read(Dictionary<string, List<WriteRequest>>? unprocessed, WriteBatch batch)
    {
        if (unprocessed is not { Count: > 0 })
        {
            return [];
        }

        var reader = new UnprocessedItemsReader(batch);
        foreach ((string table, List<WriteRequest> writes) in unprocessed)
        {
            bool isOwnTable = RecordKeys.IsSameTable(table, batch.Partition.Table);
            foreach (WriteRequest? write in writes ?? [])
            {
                if (!reader.TryRead(write, isOwnTable))
                {
                    return null;
                }
            }
        }

        return [.. reader._unprocessed];
    }

    // False if the entry may be a damaged write of the batch. An entry that was never sent is ignored.
    private bool TryRead(WriteRequest? write, bool isOwnTable)
    {
        Dictionary<string, AttributeValue>? record = write?.PutRequest?.Item ?? write?.DeleteRequest?.Key;
        if (record is null || ItemReader.Text(record, N.Pk) is not { Length: > 0 } partitionKey || ItemReader.Text(record, N.Sk) is not { Length: > 0 } sortKey)
        {
            return false;
        }

        bool isOwnPartition = isOwnTable && string.Equals(partitionKey, _partitionKey, StringComparison.Ordinal);
        bool isItem = RecordKeys.TryParseItem(sortKey, out DigestItemId id);
        if (!_sent.Contains(sortKey))
        {
            // An entry with the valid key of another item, or with a key of another partition, was never sent. An invalid key of the batch's own
            // partition may be the damaged key of a write that was sent.
            return isItem || !isOwnPartition;
        }

        _unprocessed.Add(id);
        return isItem && isOwnPartition;
    }
}
