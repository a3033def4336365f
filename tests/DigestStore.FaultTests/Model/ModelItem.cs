using System.Globalization;

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

    public static string WithoutTracking(string url) => url.Replace(ModelInput.Tracking, "", StringComparison.Ordinal);
}
