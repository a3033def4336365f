using DigestStore.Identity;

namespace DigestStore.Records;

// The put of an item's record. The record is made of a caller's item, or it is the one that another table has.
internal abstract class ItemPut
{
    public required DigestItemId Id { get; init; }
}

// The record of another table, as it is.
internal sealed class ItemCopy : ItemPut
{
    public required StoredRecord Record { get; init; }
}

// The normalized item of the caller and the values that the library adds.
internal sealed class ItemWrite : ItemPut
{
    public required CleanItem Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required int Revision { get; init; }

    public required int Ordinal { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public UnknownAttributes? Unknown { get; init; }
}

// A valid item in the normalized form that is hashed and stored. The metadata is sorted, so that equal items have
// equal hashes. Tags and metadata are copies, because the caller may change its own collections during the store call.
internal sealed class CleanItem
{
    public required DigestItem Item { get; init; }

    public required string CanonicalUrl { get; init; }

    // The rules that say which parameters of the URL are tracking parameters.
    public IdentityRuleSet IdentityRules { get; init; } = IdentityRuleSet.Default;

    public string[] Tags { get; init; } = [];

    public KeyValuePair<string, string>[] Metadata { get; init; } = [];

    // The text is both hashed and stored, so it is made only once.
    public string? PublishedAt => field ??= Item.PublishedAt is { } published ? Instants.Write(published) : null;

    // The hash is computed when it is first needed. If there is no record to compare with, this is when the request of the item is made, which
    // happens for several requests in parallel. An item of a collection that is as it was needs none.
    public string ContentHash => field ??= Records.ContentHash.Of(this);

    // Whether a stored item has the same value in every field that is hashed, so that the hashes of both are equal. An item whose values are
    // equal only after normalization counts as different.
    public bool HasFieldsOf(DigestItem stored)
    {
        if (!string.Equals(Item.Url, stored.Url, StringComparison.Ordinal) || !string.Equals(Item.Title, stored.Title, StringComparison.Ordinal) || Item.PublishedAt != stored.PublishedAt)
        {
            return false;
        }

        foreach (OptionalText text in OptionalText.All)
        {
            if (!string.Equals(text.Of(Item), text.Of(stored), StringComparison.Ordinal))
            {
                return false;
            }
        }

        return Tags.SequenceEqual(stored.Tags, StringComparer.Ordinal) && HasMetadataOf(stored);
    }

    private bool HasMetadataOf(DigestItem stored)
    {
        foreach ((string name, string value) in Metadata)
        {
            if (!stored.Metadata.TryGetValue(name, out string? there) || !string.Equals(value, there, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return Metadata.Length == stored.Metadata.Count;
    }
}
