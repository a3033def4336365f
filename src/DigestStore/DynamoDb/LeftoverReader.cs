using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.DynamoDb;

// Which of the writes sent an answer names as left over. What it does not name counts as stored, so it has to be plain of every entry
// whether it is one of those sent.
internal sealed class LeftoverReader
{
    private readonly string _partitionKey;
    private readonly HashSet<string> _sent;
    private readonly HashSet<DigestItemId> _left = [];

    private LeftoverReader(WriteBatch batch)
    {
        _partitionKey = batch.Partition.Key;

        // Without case: an id in another spelling is a garbled one, and no stranger's.
        _sent = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ItemWrite put in batch.Puts)
        {
            _sent.Add(RecordKeys.Item(put.Id));
        }

        foreach (DigestItemId id in batch.Deletes)
        {
            _sent.Add(RecordKeys.Item(id));
        }
    }

    // Null: it cannot be told what was stored.
    public static IReadOnlyList<DigestItemId>? Read(Dictionary<string, List<WriteRequest>>? unprocessed, WriteBatch batch)
    {
        if (unprocessed is not { Count: > 0 })
        {
            return [];
        }

        var reader = new LeftoverReader(batch);
        foreach ((string table, List<WriteRequest> writes) in unprocessed)
        {
            bool isOurs = RecordKeys.IsSameTable(table, batch.Partition.Table);
            foreach (WriteRequest? write in writes ?? [])
            {
                if (!reader.Understands(write, isOurs))
                {
                    return null;
                }
            }
        }

        return [.. reader._left];
    }

    private bool Understands(WriteRequest? write, bool isOurTable)
    {
        Dictionary<string, AttributeValue>? record = write?.PutRequest?.Item ?? write?.DeleteRequest?.Key;
        if (record is null || ItemReader.Text(record, N.Pk) is not { Length: > 0 } partitionKey || ItemReader.Text(record, N.Sk) is not { Length: > 0 } sortKey)
        {
            return false;
        }

        bool isOurs = isOurTable && string.Equals(partitionKey, _partitionKey, StringComparison.Ordinal);
        bool isItem = RecordKeys.TryParseItem(sortKey, out DigestItemId id);
        if (!_sent.Contains(sortKey))
        {
            // A stranger, unless it is a garbled key of ours.
            return isItem || !isOurs;
        }

        _left.Add(id);
        return isItem && isOurs;
    }
}
