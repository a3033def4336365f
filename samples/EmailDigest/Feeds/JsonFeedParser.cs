using System.Text;
using System.Text.Json;
using DigestStore;

namespace EmailDigest.Feeds;

/// <summary>JSON Feed 1.0 and 1.1, item by item, so that what comes before an error is kept.</summary>
internal static class JsonFeedParser
{
    private const int MaxItems = 100_000;

    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    public static Feed Parse(FeedDocument document, string json, FeedProblems problems)
    {
        var head = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<JsonElement>();
        string? error = null;
        try
        {
            Read(json, head, entries);
        }
        catch (JsonException malformed)
        {
            error = HtmlText.Clean(malformed.Message, 160);
        }

        string version = head.GetValueOrDefault("version", "");
        bool isFeed = version.Contains("jsonfeed.org", StringComparison.OrdinalIgnoreCase) || entries.Count > 0;
        if (error is not null)
        {
            problems.Add(isFeed ? $"malformed JSON, kept the {entries.Count} entries before the error: {error}" : $"malformed JSON: {error}");
        }
        else if (!isFeed)
        {
            problems.Add("JSON, but not a JSON Feed: no version and no items");
        }

        Uri? @base = FeedLink.ToBase(FeedLink.Resolve(FeedLink.ToBase(document.Address?.AbsoluteUri), head.GetValueOrDefault("home_page_url")))
            ?? FeedLink.ToBase(head.GetValueOrDefault("feed_url")) ?? FeedLink.ToBase(document.Address?.AbsoluteUri);
        string source = HtmlText.Clean(head.GetValueOrDefault("title"), HtmlText.TitleLength);
        source = source.Length > 0 ? source : @base?.Host ?? "";
        var items = new List<DigestItem>(entries.Count);
        foreach (JsonElement entry in entries)
        {
            items.Add(Parse(entry, @base, source, items.Count + 1, problems));
        }

        string format = isFeed ? $"JSON Feed {HtmlText.Clean(version[(version.LastIndexOf('/') + 1)..], 8)}".TrimEnd() : Feed.NoFormat;
        return new Feed(document.Name, format, items, problems.ToList());
    }

    private static void Read(string json, Dictionary<string, string> head, List<JsonElement> entries)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), Lenient);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isItems = reader.ValueTextEquals("items"u8);
            string name = isItems ? "items" : NameOf(ref reader);
            reader.Read();
            if (isItems && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    entries.Add(JsonElement.ParseValue(ref reader));
                    if (entries.Count == MaxItems)
                    {
                        return;
                    }
                }
            }
            else
            {
                using JsonDocument value = JsonDocument.ParseValue(ref reader);
                head[name] = AsText(value.RootElement) ?? "";
            }
        }

        // What follows the last brace is an error as well.
        while (reader.Read())
        {
        }
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return ""; // Half a surrogate pair: no name that we look for.
        }
    }

    private static DigestItem Parse(JsonElement entry, Uri? @base, string source, int number, FeedProblems problems)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            problems.AddToEntry(number, "not an object");
            return new DigestItem { Url = "", Title = "", Source = source };
        }

        string summary = HtmlText.Clean(Text(entry, "summary"), HtmlText.SummaryLength);
        summary = summary.Length > 0 ? summary : HtmlText.FromHtml(Text(entry, "content_html"));
        summary = summary.Length > 0 ? summary : HtmlText.Clean(Text(entry, "content_text"), HtmlText.SummaryLength);
        return new DigestItem
        {
            Url = FeedLink.Resolve(@base, LinkOf(entry), number, problems),
            Title = FeedTitle.OrFromText(HtmlText.Clean(Text(entry, "title"), HtmlText.TitleLength), summary, number, problems),
            Summary = summary,
            Source = source,
            Author = HtmlText.Clean(AuthorOf(entry), 200),
            PublishedAt = FeedDate.Parse(Text(entry, "date_published") ?? Text(entry, "date_modified"), number, problems),
            Tags = FeedTags.Of(entry.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
                ? tags.EnumerateArray().Select(AsText)
                : []),
        };
    }

    private static string? LinkOf(JsonElement entry)
    {
        string? link = Text(entry, "url");
        link = string.IsNullOrWhiteSpace(link) ? Text(entry, "external_url") : link;
        string? id = Text(entry, "id");
        return string.IsNullOrWhiteSpace(link) && FeedLink.IsWeb(id) ? id : link;
    }

    // Version 1.1 has a list of authors, version 1.0 had one.
    private static string? AuthorOf(JsonElement entry)
    {
        if (entry.TryGetProperty("authors", out JsonElement authors) && authors.ValueKind == JsonValueKind.Array)
        {
            return string.Join(", ", authors.EnumerateArray()
                .Where(author => author.ValueKind == JsonValueKind.Object)
                .Select(author => Text(author, "name"))
                .Where(name => !string.IsNullOrWhiteSpace(name)));
        }

        return entry.TryGetProperty("author", out JsonElement one) && one.ValueKind == JsonValueKind.Object ? Text(one, "name") : null;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? AsText(value) : null;

    private static string? AsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair, which is no text.
        }
    }
}
