using System.Collections.ObjectModel;

namespace DigestStore;

/// <summary>What the digests of a range of dates consist of.</summary>
/// <remarks>Dictionaries are compared by reference: two statistics with the same counts need not be equal.</remarks>
public sealed record PeriodStatistics
{
    /// <summary>The first date of the range.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last date of the range.</summary>
    public required DateOnly To { get; init; }

    /// <summary>How many dates have items or unreadable records.</summary>
    public int Days { get; init; }

    /// <summary>How many of them have lost their header, so that <see cref="IDigestHistory.ListDaysAsync(DateOnly, DateOnly, CancellationToken)"/> does not find them.</summary>
    /// <value>0 in a healthy table. A store of the day, or a stream that is under way, writes the header.</value>
    public int DaysWithoutHeader { get; init; }

    /// <summary>How many items are stored. A page that is stored on several days is counted for each.</summary>
    public int Items { get; init; }

    /// <summary>How many records were written by a newer version of the library, or lack what makes an item.</summary>
    /// <value>0 in a healthy table.</value>
    public int Unreadable { get; init; }

    /// <inheritdoc cref="DigestStatistics.BySource"/>
    public IReadOnlyDictionary<string, int> BySource { get; init => field = value ?? ReadOnlyDictionary<string, int>.Empty; } = ReadOnlyDictionary<string, int>.Empty;

    /// <inheritdoc cref="DigestStatistics.ByCategory"/>
    public IReadOnlyDictionary<string, int> ByCategory { get; init => field = value ?? ReadOnlyDictionary<string, int>.Empty; } = ReadOnlyDictionary<string, int>.Empty;

    /// <summary>When the first of the items was first stored, in UTC.</summary>
    /// <value><see langword="null"/> for a range without items.</value>
    public DateTimeOffset? FirstStoredAt { get; init; }

    /// <summary>When an item was last stored with new content, in UTC.</summary>
    /// <value><see langword="null"/> for a range without items.</value>
    public DateTimeOffset? LastStoredAt { get; init; }

    /// <inheritdoc cref="DigestStatistics.Revisions"/>
    public long Revisions { get; init; }

    /// <inheritdoc cref="DigestStatistics.UpdatedItems"/>
    public int UpdatedItems { get; init; }

    /// <inheritdoc cref="DigestStatistics.Bytes"/>
    public long Bytes { get; init; }

    /// <inheritdoc cref="DigestStatistics.Quality"/>
    public DigestQuality Quality { get; init => field = value ?? DigestQuality.None; } = DigestQuality.None;
}
