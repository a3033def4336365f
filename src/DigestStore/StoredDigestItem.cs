namespace DigestStore;

/// <summary>One link of a digest, as it is in the table.</summary>
public sealed record StoredDigestItem
{
    /// <summary>The id within the date; for items stored under the default identity rules, the hash of <see cref="CanonicalUrl"/>.</summary>
    public required DigestItemId Id { get; init; }

    /// <summary>The day of the digest.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The content, with the URL as it was handed in.</summary>
    public required DigestItem Item { get; init; }

    /// <summary>The canonical form of the URL under the identity rules in force when the item was last written.</summary>
    public required string CanonicalUrl { get; init; }

    /// <summary>When the item was first stored, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the content last changed, in UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How many contents the item has had.</summary>
    /// <value>Default 1; it grows by one with every changed content.</value>
    public int Revision { get; init; } = 1;

    /// <summary>The place in the digest, given when the item was first stored.</summary>
    /// <value>Default 0. Ties are broken by <see cref="CreatedAt"/>, then by <see cref="Id"/>.</value>
    public int Ordinal { get; init; }

    /// <summary>When the item stops being returned; DynamoDB removes it some days later.</summary>
    /// <value>Default <see langword="null"/>: never. Whole seconds.</value>
    public DateTimeOffset? ExpiresAt { get; init; }
}
