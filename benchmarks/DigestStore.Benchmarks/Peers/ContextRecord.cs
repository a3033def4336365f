using Amazon.DynamoDBv2.DataModel;
using DigestStore.Records;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The record as DynamoDBContext maps it.</summary>
[DynamoDBTable(SdkClient.Table)]
public sealed class ContextRecord
{
    [DynamoDBHashKey("pk")]
    public string Pk { get; set; } = "";

    [DynamoDBRangeKey("sk")]
    public string Sk { get; set; } = "";

    [DynamoDBProperty("id")]
    public string Id { get; set; } = "";

    [DynamoDBProperty("date")]
    public string Date { get; set; } = "";

    [DynamoDBProperty("url")]
    public string Url { get; set; } = "";

    [DynamoDBProperty("canonicalUrl")]
    public string CanonicalUrl { get; set; } = "";

    [DynamoDBProperty("title")]
    public string Title { get; set; } = "";

    [DynamoDBProperty("summary")]
    public string? Summary { get; set; }

    [DynamoDBProperty("source")]
    public string? Source { get; set; }

    [DynamoDBProperty("category")]
    public string? Category { get; set; }

    [DynamoDBProperty("author")]
    public string? Author { get; set; }

    [DynamoDBProperty("publishedAt")]
    public DateTime? PublishedAt { get; set; }

    [DynamoDBProperty("tags")]
    public List<string> Tags { get; set; } = [];

    [DynamoDBProperty("createdAt")]
    public DateTime CreatedAt { get; set; }

    [DynamoDBProperty("updatedAt")]
    public DateTime UpdatedAt { get; set; }

    [DynamoDBProperty("revision")]
    public int Revision { get; set; }

    [DynamoDBProperty("ordinal")]
    public int Ordinal { get; set; }

    [DynamoDBProperty("contentHash")]
    public string ContentHash { get; set; } = "";

    [DynamoDBProperty("v")]
    public int Version { get; set; }

    internal static ContextRecord From(PeerItem peer, string pk, string date, DateTime now, int ordinal)
    {
        DigestItem item = peer.Item;
        return new ContextRecord
        {
            Pk = pk,
            Sk = "ITEM#" + peer.Id,
            Id = peer.Id,
            Date = date,
            Url = item.Url,
            CanonicalUrl = peer.CanonicalUrl,
            Title = item.Title,
            Summary = item.Summary,
            Source = item.Source,
            Category = item.Category,
            Author = item.Author,
            PublishedAt = item.PublishedAt?.UtcDateTime,
            Tags = [.. item.Tags],
            CreatedAt = now,
            UpdatedAt = now,
            Revision = 1,
            Ordinal = ordinal,
            ContentHash = peer.ContentHash,
            Version = 1,
        };
    }
}
