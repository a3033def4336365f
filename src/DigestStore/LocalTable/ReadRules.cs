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
        return asked is 0 or > Schema.MaxBatchGetKeys || !request.Keys.All(WriteRules.IsKey) || request.Keys.Distinct().Count() != asked ? LocalFaults.Invalid : null;
    }
}
