using DigestStore.Identity;

namespace DigestStore.Records;

// One record to put: what the caller handed in, cleaned, and what the store adds.
internal sealed class ItemWrite
{
    public required DigestItemId Id { get; init; }

    public required CleanItem Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required int Revision { get; init; }

    public required int Ordinal { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public UnknownAttributes? Unknown { get; init; }
}

// A valid item: empty texts are absent, tags and metadata are copies, metadata is sorted.
internal sealed class CleanItem
{
    public required DigestItem Item { get; init; }

    public required string CanonicalUrl { get; init; }

    // The rules that say which parameters of the URL are tracking parameters.
    public IdentityRuleSet Identity { get; init; } = IdentityRuleSet.Default;

    public string[] Tags { get; init; } = [];

    public KeyValuePair<string, string>[] Metadata { get; init; } = [];

    // Hashed and stored as the same text.
    public string? PublishedAt => field ??= Item.PublishedAt is { } published ? Instants.Write(published) : null;

    // Hashed once, at the first need: to compare, or else by the worker that sends the record.
    public string ContentHash => field ??= Records.ContentHash.Of(this);

    public string? Summary => NullIfEmpty(Item.Summary);

    public string? Source => NullIfEmpty(Item.Source);

    public string? Category => NullIfEmpty(Item.Category);

    public string? Author => NullIfEmpty(Item.Author);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
