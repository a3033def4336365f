namespace EmailDigest.Feeds;

/// <summary>An entry's labels: clean, each once, not endless.</summary>
internal static class FeedTags
{
    private const int MaxTags = 10;
    private const int MaxLength = 60;

    public static IReadOnlyList<string> Of(IEnumerable<string?> labels) =>
    [
        .. labels
            .Select(label => HtmlText.FromLooseText(label, MaxLength))
            .Where(label => label.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(MaxTags),
    ];
}
