using Amazon.DynamoDBv2.Model;
using N = DigestStore.Table.AttributeNames;

namespace DigestStore.Table;

// The SDK's attribute values → item record.
internal static class ItemReader
{
    public static ItemRecord Read(DigestItemId id, DateOnly date, Dictionary<string, AttributeValue> item)
    {
        var fields = new ItemFields();
        foreach ((string name, AttributeValue? value) in item)
        {
            ItemField field = ItemFields.Of(name);
            fields.Meet(field);
            switch (field)
            {
                case ItemField.Id or ItemField.Date:
                    break;
                case ItemField.Tags:
                    fields.Tags = Tags(value);
                    break;
                case ItemField.Metadata:
                    fields.Metadata = Metadata(value);
                    break;
                case ItemField.Unknown:
                    if (value is not null)
                    {
                        (fields.Unknown ??= new(StringComparer.Ordinal))[name] = value;
                    }

                    break;
                default:
                    fields[field] = ItemFields.IsNumber(field) ? value?.N : value?.S;
                    break;
            }
        }

        return fields.ToRecord(id, date);
    }

    public static bool IsNewer(Dictionary<string, AttributeValue> item) => item.ContainsKey(N.Version) && ItemFields.IsNewer(Digits(item, N.Version));

    public static string? Text(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) ? value?.S : null;

    public static string? Digits(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) ? value?.N : null;

    public static int? Int(Dictionary<string, AttributeValue> item, string name) => ItemFields.Int(Digits(item, name));

    // Elements that are no texts are passed over, here and in the metadata.
    public static string[] Tags(AttributeValue? value)
    {
        if (value?.L is not { Count: > 0 } list)
        {
            return [];
        }

        string[] tags = new string[list.Count];
        int count = 0;
        foreach (AttributeValue? element in list)
        {
            if (element?.S is { } text)
            {
                tags[count++] = text;
            }
        }

        return count == tags.Length ? tags : tags[..count];
    }

    public static IReadOnlyDictionary<string, string> Metadata(AttributeValue? value)
    {
        if (value?.M is not { Count: > 0 } map)
        {
            return System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
        }

        var metadata = new Dictionary<string, string>(map.Count, StringComparer.Ordinal);
        foreach ((string name, AttributeValue member) in map)
        {
            if (member?.S is { } text)
            {
                metadata[name] = text;
            }
        }

        return metadata;
    }
}
