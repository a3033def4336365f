using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.LocalTable;

// Checks the rules whose violation makes DynamoDB refuse a Query or a BatchGetItem.
internal static class ReadRules
{
    // Null if the request is valid.
    public static TableFault? Check(PageRequest request) => request is { IsByStatus: true, Consistent: true } ? LocalFaults.Invalid : null;

    public static TableFault? Check(LookupRequest request)
    {
        int asked = request.Keys.Count;
        if (asked is 0 or > Schema.MaxBatchGetKeys)
        {
            return LocalFaults.Invalid;
        }

        // A set of keys would be shorter, but a new process has to compile collections of structures itself (ADR 0027).
        var sortKeys = new HashSet<string>(asked, StringComparer.Ordinal);
        for (int index = 0; index < asked; index++)
        {
            RecordKey key = request.Keys[index];
            if (!WriteRules.IsKey(key) || (!sortKeys.Add(key.SortKey) && IsAmongTheFirst(index, request.Keys)))
            {
                return LocalFaults.Invalid;
            }
        }

        return null;
    }

    private static bool IsAmongTheFirst(int count, IReadOnlyList<RecordKey> keys)
    {
        for (int index = 0; index < count; index++)
        {
            if (keys[index] == keys[count])
            {
                return true;
            }
        }

        return false;
    }
}
