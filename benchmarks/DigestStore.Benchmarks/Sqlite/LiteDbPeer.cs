using DigestStore.Benchmarks.Peers;
using LiteDB;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>LiteDB with a class for its documents, whose key begins with the day, so that a day is a range of keys.</summary>
internal sealed class LiteDbPeer : IStorePeer, IReadPeer
{
    private readonly LiteDatabase _database;
    private readonly ILiteCollection<Document> _documents;

    public LiteDbPeer(string path)
    {
        _database = new LiteDatabase(new ConnectionString { Filename = path, Connection = ConnectionType.Direct });
        _documents = _database.GetCollection<Document>("items");
    }

    public string Name => "LiteDB, one transaction, not flushed";

    public int Count => _documents.Count();

    public Func<Task> Prepare(DateOnly date, PeerItem[] items)
    {
        string day = PeerItem.Date(date);
        DateTime now = DateTime.UtcNow;
        Document[] documents = [.. items.Select((item, index) => Document.Of(item, day, now, index))];
        return () =>
        {
            _documents.InsertBulk(documents, documents.Length);
            return Task.CompletedTask;
        };
    }

    public Task SeedAsync(DateOnly date, PeerItem[] items) => Prepare(date, items)();

    public Task<int> ReadAsync(DateOnly date) => Task.FromResult(_documents.Find(Query.StartsWith("_id", PeerItem.Date(date))).ToList().Count);

    public void Dispose() => _database.Dispose();

    // The members of a record of DigestStore.
    private sealed class Document
    {
        [BsonId]
        public string Key { get; set; } = "";

        public string Url { get; set; } = "";

        public string CanonicalUrl { get; set; } = "";

        public string Title { get; set; } = "";

        public string? Summary { get; set; }

        public string? Source { get; set; }

        public string? Category { get; set; }

        public string? Author { get; set; }

        public DateTime? PublishedAt { get; set; }

        public DateTime CreatedAt { get; set; }

        public DateTime UpdatedAt { get; set; }

        public int Revision { get; set; }

        public int Ordinal { get; set; }

        public string ContentHash { get; set; } = "";

        public List<string> Tags { get; set; } = [];

        public static Document Of(PeerItem peer, string day, DateTime now, int ordinal) => new()
        {
            Key = $"{day}#{peer.Id}",
            Url = peer.Item.Url,
            CanonicalUrl = peer.CanonicalUrl,
            Title = peer.Item.Title,
            Summary = peer.Item.Summary,
            Source = peer.Item.Source,
            Category = peer.Item.Category,
            Author = peer.Item.Author,
            PublishedAt = peer.Item.PublishedAt?.UtcDateTime,
            CreatedAt = now,
            UpdatedAt = now,
            Revision = 1,
            Ordinal = ordinal,
            ContentHash = peer.ContentHash,
            Tags = [.. peer.Item.Tags],
        };
    }
}
