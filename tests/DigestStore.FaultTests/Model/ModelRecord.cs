using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.FaultTests;

/// <summary>A record of the day as the plain SDK reads it.</summary>
internal sealed class ModelRecord
{
    public ModelRecord(Dictionary<string, AttributeValue> attributes)
    {
        Key = attributes["sk"].S;
        Raw = string.Join("; ", attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).Select(attribute => attribute.Key + "=" + TextOf(attribute.Value)));
        (Attributes, Url, Title) = (attributes, attributes["url"].S, attributes["title"].S);
        var path = new Uri(Url);
        (Page, HasWww) = (int.Parse(path.AbsolutePath.Trim('/').Split('/')[1], CultureInfo.InvariantCulture), path.Host.StartsWith("www.", StringComparison.Ordinal));
        Content = ModelItem.ContentOf(
            Title,
            Url,
            Optional("summary"),
            Optional("source"),
            Optional("publishedAt") is { } published ? DateTimeOffset.Parse(published, CultureInfo.InvariantCulture) : null,
            attributes.TryGetValue("tags", out AttributeValue? tags) ? tags.L.Select(tag => tag.S) : [],
            attributes.TryGetValue("metadata", out AttributeValue? metadata) ? metadata.M.Select(entry => entry.Key + "=" + entry.Value.S) : []);
    }

    public string Key { get; }

    public Dictionary<string, AttributeValue> Attributes { get; }

    /// <summary>All attributes as one text: equal only if nothing has changed.</summary>
    public string Raw { get; }

    public string Url { get; }

    public string Title { get; }

    public int Page { get; }

    public bool HasWww { get; }

    public string Content { get; }

    public string CreatedAt => Attributes["createdAt"].S;

    public string UpdatedAt => Attributes["updatedAt"].S;

    public int Revision => int.Parse(Attributes["revision"].N, CultureInfo.InvariantCulture);

    public int Ordinal => int.Parse(Attributes["ordinal"].N, CultureInfo.InvariantCulture);

    public string? Foreign => Optional("foreign");

    public string PageUnder(bool dropsWww) => ModelItem.PageUnder(Page, HasWww, dropsWww);

    private string? Optional(string name) => Attributes.TryGetValue(name, out AttributeValue? value) ? value.S : null;

    private static string TextOf(AttributeValue value) =>
        value.S ?? value.N ?? (value.L is { Count: > 0 } list ? $"[{string.Join(',', list.Select(TextOf))}]" : $"{{{string.Join(',', value.M.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Key + "=" + TextOf(entry.Value)))}}}");
}
