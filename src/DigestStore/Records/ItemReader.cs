using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// Reads the record of an item from the SDK's attribute values.
internal static class ItemReader
{
    public static ItemRecord Read(DigestItemId id, DateOnly date, Dictionary<string, AttributeValue> item)
    {
        var fields = new ItemFields();
        foreach ((string name, AttributeValue? value) in item)
        {
            fields.Set(ItemFields.Of(name), name, value);
        }

        return fields.ToRecord(id, date);
    }

    public static bool IsNewer(Dictionary<string, AttributeValue> item) => item.ContainsKey(N.Version) && ItemFields.IsNewer(Int(item, N.Version));

    public static string? Text(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) ? value?.S : null;

    public static string? Digits(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) ? value?.N : null;

    public static int? Int(Dictionary<string, AttributeValue> item, string name) => ItemFields.Int(Digits(item, name));
}
