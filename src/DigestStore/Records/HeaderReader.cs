using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The day's header record, read from attribute values.
internal static class HeaderReader
{
    public static HeaderRecord Read(Dictionary<string, AttributeValue> item) => new()
    {
        LastRunId = ItemReader.Text(item, N.LastRunId),
        IdRules = ItemReader.Text(item, N.IdRules),
        NextOrdinal = Math.Max(0, ItemReader.Int(item, N.NextOrdinal) ?? 0),
        ExpiresAt = Instants.FromEpochSeconds(ItemReader.Digits(item, N.ExpiresAt)),
        IsNewer = ItemReader.IsNewer(item),
    };
}
