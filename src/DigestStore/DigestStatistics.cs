using System.Collections.ObjectModel;

namespace DigestStore;

/// <summary>What a day's digest consists of, for an operator.</summary>
public sealed record DigestStatistics
{
    /// <summary>The day of the digest.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>How many items are stored.</summary>
    public int Items { get; init; }

    /// <inheritdoc cref="Digest.Unreadable"/>
    public int Unreadable { get; init; }

    /// <summary>How many items each source has; those without one, or with a blank one, are under the empty key.</summary>
    /// <value>Whole names, ordinally compared; as many as the day has.</value>
    public IReadOnlyDictionary<string, int> BySource { get; init => field = value ?? ReadOnlyDictionary<string, int>.Empty; } = ReadOnlyDictionary<string, int>.Empty;

    /// <summary>How many items each category has; those without one, or with a blank one, are under the empty key.</summary>
    /// <value>Whole names, ordinally compared; as many as the day has.</value>
    public IReadOnlyDictionary<string, int> ByCategory { get; init => field = value ?? ReadOnlyDictionary<string, int>.Empty; } = ReadOnlyDictionary<string, int>.Empty;

    /// <summary>When the first of the items was first stored, in UTC.</summary>
    /// <value><see langword="null"/> for a day without items.</value>
    public DateTimeOffset? FirstStoredAt { get; init; }

    /// <summary>When an item was last stored with new content, in UTC.</summary>
    /// <value><see langword="null"/> for a day without items. A store call that finds nothing new does not change it.</value>
    public DateTimeOffset? LastStoredAt { get; init; }

    /// <summary>How many contents the items have had: the sum of <see cref="StoredDigestItem.Revision"/>.</summary>
    public long Revisions { get; init; }

    /// <summary>How many items have had more than one content.</summary>
    public int UpdatedItems { get; init; }

    /// <summary>The size of the items' records by DynamoDB's rules, in bytes, keys and attribute names included.</summary>
    /// <value>
    /// It is computed from the content, with every number counted at its greatest length, so it differs from the true size by a few bytes for
    /// each item. It does not include the day's header, or attributes that other programs have added to the records.
    /// </value>
    public long Bytes { get; init; }

    /// <summary>How good the stored items are.</summary>
    /// <value>
    /// An item is <see cref="QualityFinding.FutureDated"/> against the time of its last content. Stored items are neither duplicates nor rejected.
    /// </value>
    public DigestQuality Quality { get; init => field = value ?? DigestQuality.None; } = DigestQuality.None;
}
