using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests;

// Items as they come from feeds and from people with bad intentions.
internal static class Generate
{
    private static readonly string[] Pieces =
    [
        "a", "B", "7", " ", "\n", "\t", "\r\n", "\"", "\\", "<b>", "&amp;", "'", "+", "{0}", "%s", "\u0000", "\u001b[31m", "\u007f", "\u0085", "\u2028",
        "\u00e9", "e\u0301", "\u0130", "\u00df", "\u4f60\u597d", "\u0e01\u0e33", "\u202e", "\ufeff", "\ufffd", "\uff5e", "\ud83d\ude00", "\ud83d\udc69\u200d\ud83d\udcbb",
    ];

    private static readonly string[] BadUrls = ["", " ", "/relative", "ftp://example.com/", "javascript:alert(1)", "https://user:pw@example.com/", "https://exa mple.com/", "https://x/\ud83d"];

    public static Config Often { get; } = Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true);

    public static Config Sometimes { get; } = Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true);

    public static Gen<string> Text { get; } =
        from count in Gen.Choose(0, 6)
        from pieces in Gen.ArrayOf(Gen.Elements(Pieces), count)
        select string.Concat(pieces);

    public static Gen<string?> OptionalText { get; } = Gen.OneOf(Gen.Constant<string?>(null), Text.Select(static text => (string?)text));

    public static Gen<DateTimeOffset?> Instant { get; } = Gen.OneOf(
        Gen.Constant<DateTimeOffset?>(null),
        Gen.Elements<DateTimeOffset?>(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch),
        from ticks in Gen.Choose(0, int.MaxValue)
        from hours in Gen.Choose(-14, 14)
        select (DateTimeOffset?)new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.FromHours(hours)).AddTicks(ticks * 1_000_003L));

    // Valid: what the validator must take.
    public static Gen<DigestItem> Item { get; } =
        from page in Gen.Choose(0, 40)
        from title in Text
        from summary in OptionalText
        from source in OptionalText
        from category in OptionalText
        from author in OptionalText
        from published in Instant
        from tags in Gen.ArrayOf(Text, 3)
        from names in Gen.ArrayOf(Text, 3)
        from values in Gen.ArrayOf(Text, 3)
        select new DigestItem
        {
            Url = $"https://example.com/{page}?q=\u00e9",
            Title = "T" + title,
            Summary = summary,
            Source = source,
            Category = category,
            Author = author,
            PublishedAt = published,
            Tags = tags,
            Metadata = names.Zip(values).DistinctBy(static entry => entry.First).ToDictionary(static entry => entry.First, static entry => entry.Second),
        };

    // One in four is invalid in one way or another.
    public static Gen<DigestItem?> NastyItem { get; } = Gen.Frequency(
        (12, Item.Select(static item => (DigestItem?)item)),
        (1, Gen.Constant<DigestItem?>(null)),
        (2, from item in Item from url in Gen.Elements(BadUrls) select (DigestItem?)(item with { Url = url })),
        (1, Item.Select(static item => (DigestItem?)(item with { Title = " " }))));

    public static Gen<List<DigestItem?>> NastyItems { get; } =
        from count in Gen.Choose(0, 60)
        from items in Gen.ArrayOf(NastyItem, count)
        select items.ToList();

    // Valid items of different pages.
    public static Gen<List<DigestItem>> Items { get; } =
        from count in Gen.Choose(0, 40)
        from items in Gen.ArrayOf(Item, count)
        select items.Select(static (item, index) => item with { Url = $"https://example.com/{index}?q=\u00e9" }).ToList();

    // What is documented to come back: empty texts are none, instants are in UTC.
    public static DigestItem Cleaned(DigestItem item) => item with
    {
        Summary = NullIfEmpty(item.Summary),
        Source = NullIfEmpty(item.Source),
        Category = NullIfEmpty(item.Category),
        Author = NullIfEmpty(item.Author),
        PublishedAt = item.PublishedAt?.ToUniversalTime(),
        Tags = [.. item.Tags.Where(static tag => tag.Length > 0)],
        Metadata = item.Metadata.Where(static entry => entry.Key.Length > 0 && entry.Value.Length > 0).ToDictionary(),
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
