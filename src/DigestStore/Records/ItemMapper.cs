using System.Diagnostics;
using System.Globalization;
using Amazon.DynamoDBv2.Model;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// Turns the record of an item into attribute values. Null and empty values are left out, because the SDK would send them as {} and DynamoDB
// would refuse the batch.
internal static class ItemMapper
{
    private const int TypicalAttributes = 20;

    public static Dictionary<string, AttributeValue> ToAttributes(ItemPut put, Partition partition) => ToAttributes(put, new SharedValues(partition));

    // The records of one request share attribute values, so nobody may change them, and this is only for records that are sent and not kept.
    public static Dictionary<string, AttributeValue> ToAttributes(ItemPut put, SharedValues shared) => put switch
    {
        ItemWrite write => ToAttributes(write, shared),
        ItemCopy copy => copy.Record.ToAttributes(),
        _ => throw new UnreachableException(),
    };

    private static Dictionary<string, AttributeValue> ToAttributes(ItemWrite write, SharedValues shared)
    {
        CleanItem content = write.Content;
        DigestItem given = content.Item;
        string id = write.Id.ToString();
        var item = new Dictionary<string, AttributeValue>(TypicalAttributes + (write.Unknown?.Values.Count ?? 0), StringComparer.Ordinal);
        if (write.Unknown is { } unknown)
        {
            foreach ((string name, AttributeValue value) in unknown.Values)
            {
                item[name] = value;
            }
        }

        item[N.Pk] = shared.Pk;
        item[N.Sk] = Text(RecordKeys.ItemPrefix + id);
        item[N.Id] = Text(id);
        item[N.Date] = shared.Date;
        item[N.Url] = Text(given.Url);
        item[N.CanonicalUrl] = Text(content.CanonicalUrl);
        item[N.Title] = Text(given.Title);
        shared.AddTexts(given, item);
        if (content.PublishedAt is { } publishedAt)
        {
            item[N.PublishedAt] = Text(publishedAt);
        }

        AddTags(item, content.Tags);
        AddMetadata(item, content.Metadata);
        item[N.CreatedAt] = shared.Instant(write.CreatedAt);
        item[N.UpdatedAt] = shared.Instant(write.UpdatedAt);
        item[N.Revision] = write.Revision == 1 ? shared.FirstRevision : Number(write.Revision);
        item[N.Ordinal] = Number(write.Ordinal);
        item[N.ContentHash] = Text(content.ContentHash);
        item[N.Version] = shared.Version;
        if (write.ExpiresAt is { } expiresAt)
        {
            item[N.ExpiresAt] = Number(Instants.ToEpochSeconds(expiresAt));
        }

        return item;
    }

    public static AttributeValue Text(string value) => new() { S = value };

    public static AttributeValue Bytes(ReadOnlyMemory<byte> value) => new() { B = new MemoryStream(value.ToArray(), writable: false) };

    public static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    private static void AddTags(Dictionary<string, AttributeValue> item, string[] tags)
    {
        if (tags.Length == 0)
        {
            return;
        }

        var list = new List<AttributeValue>(tags.Length);
        foreach (string tag in tags)
        {
            list.Add(Text(tag));
        }

        item[N.Tags] = new AttributeValue { L = list };
    }

    private static void AddMetadata(Dictionary<string, AttributeValue> item, KeyValuePair<string, string>[] metadata)
    {
        if (metadata.Length == 0)
        {
            return;
        }

        var map = new Dictionary<string, AttributeValue>(metadata.Length, StringComparer.Ordinal);
        foreach ((string name, string value) in metadata)
        {
            map[name] = Text(value);
        }

        item[N.Metadata] = new AttributeValue { M = map };
    }
}
