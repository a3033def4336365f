using System.Globalization;
using System.Text.Json;

namespace DigestStore.Benchmarks.Peers;

/// <summary>An item straight to DynamoDB's JSON, and straight back.</summary>
internal static class RawRecord
{
    public static void Write(Utf8JsonWriter json, PeerItem peer, string pk, string date, string now, int ordinal)
    {
        DigestItem item = peer.Item;
        Write(json, "pk", "S", pk);
        Write(json, "sk", "S", "ITEM#" + peer.Id);
        Write(json, "id", "S", peer.Id);
        Write(json, "date", "S", date);
        Write(json, "url", "S", item.Url);
        Write(json, "canonicalUrl", "S", peer.CanonicalUrl);
        Write(json, "title", "S", item.Title);
        Write(json, "summary", "S", item.Summary!);
        Write(json, "source", "S", item.Source!);
        Write(json, "category", "S", item.Category!);
        Write(json, "author", "S", item.Author!);
        Write(json, "publishedAt", "S", PeerItem.Instant(item.PublishedAt!.Value));
        Write(json, "createdAt", "S", now);
        Write(json, "updatedAt", "S", now);
        Write(json, "revision", "N", "1");
        Write(json, "ordinal", "N", ordinal.ToString(CultureInfo.InvariantCulture));
        Write(json, "contentHash", "S", peer.ContentHash);
        Write(json, "v", "N", "1");
        json.WriteStartObject("tags");
        json.WriteStartArray("L");
        foreach (string tag in item.Tags)
        {
            json.WriteStartObject();
            json.WriteString("S", tag);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // The reader stands on the record's opening brace. Null: a header.
    public static StoredDigestItem? Read(ref Utf8JsonReader json, DateOnly date)
    {
        DigestItemId id = default;
        string? url = null, canonicalUrl = null, title = null, summary = null, source = null, category = null, author = null;
        DateTimeOffset createdAt = default, updatedAt = default, publishedAt = default;
        int revision = 0, ordinal = 0;
        var tags = new List<string>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8))
            {
                id = DigestItemId.Parse(Value(ref json));
            }
            else if (json.ValueTextEquals("url"u8))
            {
                url = Value(ref json);
            }
            else if (json.ValueTextEquals("canonicalUrl"u8))
            {
                canonicalUrl = Value(ref json);
            }
            else if (json.ValueTextEquals("title"u8))
            {
                title = Value(ref json);
            }
            else if (json.ValueTextEquals("summary"u8))
            {
                summary = Value(ref json);
            }
            else if (json.ValueTextEquals("source"u8))
            {
                source = Value(ref json);
            }
            else if (json.ValueTextEquals("category"u8))
            {
                category = Value(ref json);
            }
            else if (json.ValueTextEquals("author"u8))
            {
                author = Value(ref json);
            }
            else if (json.ValueTextEquals("createdAt"u8))
            {
                createdAt = Instant(ref json);
            }
            else if (json.ValueTextEquals("updatedAt"u8))
            {
                updatedAt = Instant(ref json);
            }
            else if (json.ValueTextEquals("publishedAt"u8))
            {
                publishedAt = Instant(ref json);
            }
            else if (json.ValueTextEquals("revision"u8))
            {
                revision = Number(ref json);
            }
            else if (json.ValueTextEquals("ordinal"u8))
            {
                ordinal = Number(ref json);
            }
            else if (json.ValueTextEquals("tags"u8))
            {
                Tags(ref json, tags);
            }
            else
            {
                json.Skip();
            }
        }

        return url is null ? null : new StoredDigestItem
        {
            Id = id,
            Date = date,
            CanonicalUrl = canonicalUrl!,
            CreatedAt = createdAt,
            UpdatedAt = updatedAt,
            Revision = revision,
            Ordinal = ordinal,
            Item = new DigestItem { Url = url, Title = title!, Summary = summary, Source = source, Category = category, Author = author, PublishedAt = publishedAt, Tags = tags },
        };
    }

    /// <summary>Takes the content hash of an item by its id, and nothing of a header.</summary>
    public static void ReadHash(ref Utf8JsonReader json, Dictionary<string, string> hashes)
    {
        string? id = null, hash = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8))
            {
                id = Value(ref json);
            }
            else if (json.ValueTextEquals("contentHash"u8))
            {
                hash = Value(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        if (id is not null)
        {
            hashes[id] = hash!;
        }
    }

    public static void Write(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteStartObject(name);
        json.WriteString(type, value);
        json.WriteEndObject();
    }

    // Past {"S":"value"}.
    private static string Value(ref Utf8JsonReader json)
    {
        Enter(ref json);
        string value = json.GetString()!;
        json.Read();
        return value;
    }

    private static DateTimeOffset Instant(ref Utf8JsonReader json)
    {
        Enter(ref json);
        DateTimeOffset value = json.GetDateTimeOffset();
        json.Read();
        return value;
    }

    private static int Number(ref Utf8JsonReader json)
    {
        Enter(ref json);
        bool isNumber = System.Buffers.Text.Utf8Parser.TryParse(json.ValueSpan, out int value, out _);
        json.Read();
        return isNumber ? value : throw new FormatException();
    }

    private static void Tags(ref Utf8JsonReader json, List<string> tags)
    {
        Enter(ref json);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            json.Read();
            json.Read();
            tags.Add(json.GetString()!);
            json.Read();
        }

        json.Read();
    }

    private static void Enter(ref Utf8JsonReader json)
    {
        json.Read();
        json.Read();
        json.Read();
    }
}
