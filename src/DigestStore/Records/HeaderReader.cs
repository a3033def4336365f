using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// Reads the header of a day from attribute values. Values that cannot be read count as absent, because other programs may write them.
internal static class HeaderReader
{
    public static HeaderRecord Read(Dictionary<string, AttributeValue> item) => new()
    {
        LastRunId = ItemReader.Text(item, N.LastRunId),
        IdRules = ItemReader.Text(item, N.IdRules),
        NextOrdinal = Math.Max(0, ItemReader.Int(item, N.NextOrdinal) ?? 0),
        ExpiresAt = Instants.FromEpochSeconds(ItemReader.Digits(item, N.ExpiresAt)),
        IsNewer = ItemReader.IsNewer(item),
        IsDeleted = HeaderStatus.Parse(ItemReader.Text(item, N.Status)) == DeliveryStatus.Deleted,
    };
}
