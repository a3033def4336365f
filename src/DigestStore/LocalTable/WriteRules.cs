using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.LocalTable;

// Checks the rules whose violation makes DynamoDB refuse a whole BatchWriteItem.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
internal static class WriteRules
{
    // A byte becomes at most six, as in \u0001, and every value and element, of one byte at least, gets up to 14 around it.
    private const int MaxGrowth = 24;

    private static readonly TableFault TooLarge = new(FaultKind.TooLarge, "RequestEntityTooLargeException", 413);

    // The sizes are those of the puts, by DynamoDB's rules.
    public static TableFault? Check(WriteBatch batch, Dictionary<string, AttributeValue>[] puts, int[] sizes)
    {
        int count = puts.Length + batch.Deletes.Count;
        if (count is 0 or > Schema.MaxBatchWriteItems)
        {
            return LocalFaults.Invalid;
        }

        var sortKeys = new HashSet<string>(count, StringComparer.Ordinal);
        for (int index = 0; index < batch.Deletes.Count; index++)
        {
            if (!sortKeys.Add(RecordKeys.Item(batch.Deletes[index])))
            {
                return LocalFaults.Invalid;
            }
        }

        long bytes = 0;
        for (int index = 0; index < puts.Length; index++)
        {
            bytes += sizes[index];
            if (!sortKeys.Add(puts[index][N.Sk].S) || !IsStorable(puts[index], sizes[index]))
            {
                return LocalFaults.Invalid;
            }
        }

        // The bytes on the wire are counted only where they can be too many, because counting them takes longer than writing a record to a disk.
        return bytes > Schema.MaxRequestBytes / MaxGrowth && puts.Sum(WireBytes) > Schema.MaxRequestBytes ? TooLarge : null;
    }

    // Whether a batch may put the record, or an update may leave it behind.
    public static bool IsStorable(Dictionary<string, AttributeValue> record, int size)
    {
        if (size > Schema.MaxItemBytes || !IsKey(record, N.Pk, Schema.MaxPartitionKeyBytes) || !IsKey(record, N.Sk, Schema.MaxSortKeyBytes))
        {
            return false;
        }

        foreach (AttributeValue value in record.Values)
        {
            if (!HasValue(value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKey(Dictionary<string, AttributeValue> record, string name, int maxBytes) => IsKey(ItemReader.Text(record, name), maxBytes);

    public static bool IsKey(RecordKey key) => IsKey(key.PartitionKey, Schema.MaxPartitionKeyBytes) && IsKey(key.SortKey, Schema.MaxSortKeyBytes);

    private static bool IsKey(string? key, int maxBytes) => !string.IsNullOrEmpty(key) && Encoding.UTF8.GetByteCount(key) <= maxBytes;

    // The SDK sends an attribute value without a type as {}, which DynamoDB refuses.
    private static bool HasValue(AttributeValue value) =>
        value.S is not null || value.N is not null || value.B is not null || value.NULL == true || value.BOOL is not null ||
        value.SS is not null || value.NS is not null || value.BS is not null ||
        (value.IsLSet && value.L.TrueForAll(HasValue)) || (value.IsMSet && value.M.Values.All(HasValue));

    private static long WireBytes(Dictionary<string, AttributeValue> record) =>
        record.Sum(attribute => JsonBytes(attribute.Key) + JsonBytes(attribute.Value));

    private static long JsonBytes(AttributeValue value)
    {
        const int TypeTag = 8;
        if (value.IsLSet)
        {
            return TypeTag + value.L.Sum(JsonBytes);
        }

        return value.IsMSet
            ? TypeTag + value.M.Sum(member => JsonBytes(member.Key) + JsonBytes(member.Value))
            : TypeTag + JsonBytes(value.S ?? value.N ?? "");
    }

    // A text has two quotes and a comma or colon around it.
    private static long JsonBytes(string text) => JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length + 3;
}
