using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Benchmarks.Peers;

/// <summary>An item as attribute values, and back, by hand: the same attributes as DigestStore writes.</summary>
internal static class SdkMapping
{
    public static Dictionary<string, AttributeValue> ToAttributes(PeerItem peer, string pk, string date, string now, int ordinal)
    {
        DigestItem item = peer.Item;
        var attributes = new Dictionary<string, AttributeValue>(20)
        {
            ["pk"] = new() { S = pk },
            ["sk"] = new() { S = "ITEM#" + peer.Id },
            ["id"] = new() { S = peer.Id },
            ["date"] = new() { S = date },
            ["url"] = new() { S = item.Url },
            ["canonicalUrl"] = new() { S = peer.CanonicalUrl },
            ["title"] = new() { S = item.Title },
            ["summary"] = new() { S = item.Summary },
            ["source"] = new() { S = item.Source },
            ["category"] = new() { S = item.Category },
            ["author"] = new() { S = item.Author },
            ["publishedAt"] = new() { S = PeerItem.Instant(item.PublishedAt!.Value) },
            ["createdAt"] = new() { S = now },
            ["updatedAt"] = new() { S = now },
            ["revision"] = new() { N = "1" },
            ["ordinal"] = new() { N = ordinal.ToString(CultureInfo.InvariantCulture) },
            ["contentHash"] = new() { S = peer.ContentHash },
            ["v"] = new() { N = "1" },
        };
        var tags = new List<AttributeValue>(item.Tags.Count);
        foreach (string tag in item.Tags)
        {
            tags.Add(new AttributeValue { S = tag });
        }

        attributes["tags"] = new AttributeValue { L = tags };
        return attributes;
    }

    public static StoredDigestItem? FromAttributes(Dictionary<string, AttributeValue> attributes, DateOnly date)
    {
        if (!attributes.TryGetValue("id", out AttributeValue? id))
        {
            return null;
        }

        var tags = new List<string>();
        if (attributes.TryGetValue("tags", out AttributeValue? list))
        {
            foreach (AttributeValue tag in list.L)
            {
                tags.Add(tag.S);
            }
        }

        return new StoredDigestItem
        {
            Id = DigestItemId.Parse(id.S),
            Date = date,
            CanonicalUrl = attributes["canonicalUrl"].S,
            CreatedAt = Instant(attributes["createdAt"].S),
            UpdatedAt = Instant(attributes["updatedAt"].S),
            Revision = int.Parse(attributes["revision"].N, CultureInfo.InvariantCulture),
            Ordinal = int.Parse(attributes["ordinal"].N, CultureInfo.InvariantCulture),
            Item = new DigestItem
            {
                Url = attributes["url"].S,
                Title = attributes["title"].S,
                Summary = attributes["summary"].S,
                Source = attributes["source"].S,
                Category = attributes["category"].S,
                Author = attributes["author"].S,
                PublishedAt = Instant(attributes["publishedAt"].S),
                Tags = tags,
            },
        };
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
