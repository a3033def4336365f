using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.FaultTests;

/// <summary>One element of an input, with what the model knows of it without asking the library.</summary>
/// <param name="Item">What is handed in.</param>
/// <param name="Page">Which page it links to; -1 for an item without one.</param>
/// <param name="HasWww">Whether the link has <c>www.</c>, which is another page only under other identity rules.</param>
/// <param name="Defect">Why it must be rejected; null for a valid item.</param>
internal sealed record ModelItem(DigestItem? Item, int Page, bool HasWww, StoreProblemReason? Defect)
{
    public string Title => Item!.Title;

    public string Url => Item!.Url;

    /// <summary>Everything that readers see; two items are the same content if it is equal.</summary>
    public string Content { get; } = Item is null ? "" : ContentOf(Item);

    public string PageUnder(bool dropsWww) => PageUnder(Page, HasWww, dropsWww);

    public bool IsPutBy(ModelPut put) => Defect is null && put.Title == Title && put.Url == Url;

    public static string PageUnder(int page, bool hasWww, bool dropsWww) => $"{page}{(hasWww && !dropsWww ? " with www" : "")}";

    public static string ContentOf(DigestItem item) => ContentOf(
        item.Title, item.Url, item.Summary, item.Source, item.PublishedAt, item.Tags, item.Metadata.Select(entry => entry.Key + "=" + entry.Value));

    public static string ContentOf(string title, string url, string? summary, string? source, DateTimeOffset? publishedAt, IEnumerable<string> tags, IEnumerable<string> metadata) =>
        string.Join('|', title, WithoutTracking(url), summary, source, publishedAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), string.Join(',', tags), string.Join(',', metadata.Order(StringComparer.Ordinal)));

    private static string WithoutTracking(string url) => url.Replace(ModelInput.Tracking, "", StringComparison.Ordinal);
}

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
