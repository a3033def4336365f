namespace DigestStore;

/// <summary>One link of a digest, as the caller hands it in.</summary>
/// <remarks>
/// Nothing here throws on bad content: an item may be invalid and is then reported as <see cref="DigestItemOutcome.Rejected"/>
/// with a reason. Two items are equal when all their values are, tags in order and metadata in any order.
/// </remarks>
public sealed record DigestItem
{
    /// <summary>The link: an absolute http or https URL of at most 2,048 characters without user information.</summary>
    /// <value>Stored and returned unchanged; only the identity of the item uses its canonical form. When only its tracking parameters have changed, the stored link stays.</value>
    public required string Url { get; init; }

    /// <summary>The headline; at least one character that can be seen.</summary>
    public required string Title { get; init; }

    /// <summary>A short text about the link.</summary>
    /// <value>Default <see langword="null"/>; an empty text is stored as none.</value>
    public string? Summary { get; init; }

    /// <summary>Where the link came from, for example the name of a feed.</summary>
    /// <value>Default <see langword="null"/>; an empty text is stored as none.</value>
    public string? Source { get; init; }

    /// <summary>The section of the digest that the link belongs to.</summary>
    /// <value>Default <see langword="null"/>; an empty text is stored as none.</value>
    public string? Category { get; init; }

    /// <summary>Who wrote what the link leads to.</summary>
    /// <value>Default <see langword="null"/>; an empty text is stored as none.</value>
    public string? Author { get; init; }

    /// <summary>When what the link leads to was published.</summary>
    /// <value>Default <see langword="null"/>. The instant is kept to 100 ns; it comes back in UTC.</value>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Labels, in order.</summary>
    /// <value>Default empty, and never <see langword="null"/>. Empty labels are left out when stored.</value>
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>Further facts about the link by name.</summary>
    /// <value>Default empty, and never <see langword="null"/>. Entries with an empty name or value are left out when stored.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; init => field = value ?? EmptyMetadata; } = EmptyMetadata;

    private static readonly IReadOnlyDictionary<string, string> EmptyMetadata =
        System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether two items have the same content.</summary>
    /// <param name="other">The item to compare with.</param>
    /// <returns><see langword="true"/> when every value is equal; a missing list equals an empty one.</returns>
    public bool Equals(DigestItem? other) =>
        ReferenceEquals(this, other) ||
        (other is not null &&
        string.Equals(Url, other.Url, StringComparison.Ordinal) &&
        string.Equals(Title, other.Title, StringComparison.Ordinal) &&
        string.Equals(Summary, other.Summary, StringComparison.Ordinal) &&
        string.Equals(Source, other.Source, StringComparison.Ordinal) &&
        string.Equals(Category, other.Category, StringComparison.Ordinal) &&
        string.Equals(Author, other.Author, StringComparison.Ordinal) &&
        Nullable.Equals(PublishedAt, other.PublishedAt) &&
        Tags.SequenceEqual(other.Tags, StringComparer.Ordinal) &&
        SameMetadata(Metadata, other.Metadata));

    /// <summary>A hash that is the same for equal items.</summary>
    /// <returns>The hash of the URL, the title and the instant of publication.</returns>
    public override int GetHashCode() => HashCode.Combine(Url, Title, PublishedAt);

    private static bool SameMetadata(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count &&
        left.All(entry => right.TryGetValue(entry.Key, out string? value) && string.Equals(entry.Value, value, StringComparison.Ordinal));
}
