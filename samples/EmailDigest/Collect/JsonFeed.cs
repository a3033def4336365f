using System.Text.Json;

namespace EmailDigest.Collect;

/// <summary>JSON Feed 1.0 and 1.1, item by item, so that what comes before an error is kept.</summary>
internal static partial class JsonFeed
{
    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = FeedLimits.Depth };

    public static Feed Read(FeedDocument document, string json, FeedProblems problems)
    {
        var head = new Dictionary<string, string?>(StringComparer.Ordinal);
        var entries = new List<JsonElement>();
        string? error = null, defect = null;
        try
        {
            Read(json, head, entries);
        }
        catch (Exception failure) when (failure is JsonException or FeedLimitException)
        {
            error = EntryText.Clean(failure.Message, 160);
            defect = failure is JsonException ? "malformed JSON" : "beyond a limit";
        }

        string version = head.GetValueOrDefault("version") ?? "";
        bool isFeed = version.Contains("jsonfeed.org", StringComparison.OrdinalIgnoreCase) || entries.Count > 0;
        problems.AddIf(error is not null, isFeed ? $"{defect}, kept the {entries.Count} entries before the error: {error}" : $"{defect}: {error}", isLoss: true);
        problems.AddIf(error is null && !isFeed, "JSON, but not a JSON Feed: no version and no items");

        Uri? address = FeedLink.ToBase(document.Address?.AbsoluteUri);
        Uri? @base = FeedLink.ToBase(FeedLink.Resolve(address, head.GetValueOrDefault("home_page_url"))) ?? FeedLink.ToBase(head.GetValueOrDefault("feed_url")) ?? address;
        string title = EntryText.Clean(head.GetValueOrDefault("title"), EntryText.TitleLength);
        string source = title.Length > 0 ? title : @base?.Host ?? "";
        DigestItem[] items = [.. entries.Select((entry, index) => ToItem(entry, @base, problems.At(index + 1)) with { Source = source })];
        string format = isFeed ? $"JSON Feed {EntryText.Clean(version[(version.LastIndexOf('/') + 1)..], 8)}".TrimEnd() : Feed.NoFormat;
        return new Feed(document.Name, format, items, problems.ToList(), problems.IsLoss);
    }

    private static void Read(string json, Dictionary<string, string?> head, List<JsonElement> entries)
    {
        // Half a surrogate pair, as from an emoji that a service cut, is no text to the reader. Escapes are read in pairs of signs.
        string whole = Escape().Replace(json, escape => escape.Groups["half"].Success ? "" : escape.Value);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(whole), Lenient);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name != "items" || reader.TokenType != JsonTokenType.StartArray)
            {
                head[name] = AsText(JsonElement.ParseValue(ref reader));
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                FeedLimitException.Check(entries.Count + 1, FeedLimits.Entries, "entries");
                entries.Add(JsonElement.ParseValue(ref reader));
            }
        }

        reader.Read(); // What follows the last brace is an error as well.
    }

    private static DigestItem ToItem(JsonElement entry, Uri? @base, FeedProblems problems)
    {
        string?[] summaries = [EntryText.Clean(Text(entry, "summary"), EntryText.SummaryLength), EntryText.FromHtml(Text(entry, "content_html")), EntryText.Clean(Text(entry, "content_text"), EntryText.SummaryLength)];
        string summary = EntryText.First(summaries) ?? "";
        // Version 1.1 has a list of authors, version 1.0 had one.
        IEnumerable<string?> authors = Many(entry, "authors").Append(Member(entry, "author") ?? default).Select(author => Text(author, "name"));
        problems.AddIf(entry.ValueKind != JsonValueKind.Object, "not an object");
        return new DigestItem
        {
            Url = FeedLink.Resolve(@base, EntryText.First(Text(entry, "url"), Text(entry, "external_url"), FeedLink.IsWeb(Text(entry, "id")) ? Text(entry, "id") : null), problems),
            Title = EntryText.TitleOrBeginning(EntryText.Clean(Text(entry, "title"), EntryText.TitleLength), summary, problems),
            Summary = summary,
            Author = EntryText.Clean(string.Join(", ", authors.Where(name => !string.IsNullOrWhiteSpace(name)).Distinct(StringComparer.Ordinal)), EntryText.AuthorLength),
            PublishedAt = FeedDate.Parse(Text(entry, "date_published") ?? Text(entry, "date_modified"), problems),
            Tags = EntryText.Tags(Many(entry, "tags").Select(AsText)),
        };
    }

    private static JsonElement? Member(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;
    private static JsonElement.ArrayEnumerator Many(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;
    private static string? Text(JsonElement element, string name) => Member(element, name) is { } value ? AsText(value) : null;
    private static string? AsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;

    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Escape();
}
