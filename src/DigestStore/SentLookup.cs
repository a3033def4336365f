using System.Collections.ObjectModel;

namespace DigestStore;

/// <summary>Which of the URLs that were asked about were sent in the days before a date.</summary>
/// <remarks>Collections are compared by reference: two results with the same content need not be equal.</remarks>
public sealed record SentLookup
{
    /// <summary>The first day that was looked at.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day that was looked at: the one before the date that was asked for.</summary>
    public required DateOnly To { get; init; }

    /// <summary>The URLs that were sent, or may have been sent, in the spelling in which they were handed in.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, SentUrl> Sent { get; init => field = value ?? ReadOnlyDictionary<string, SentUrl>.Empty; } = ReadOnlyDictionary<string, SentUrl>.Empty;

    /// <summary>Those of the URLs that no item can have, so that they cannot have been sent.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> InvalidUrls { get; init => field = value ?? []; } = [];

    /// <summary>Days whose email may have gone out without anybody knowing it for certain. Their links count as sent.</summary>
    /// <value>Default: none. In ascending order.</value>
    public IReadOnlyList<DateOnly> UnsettledDates { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Days of which not every link that was sent could be compared: it was sent under other identity rules and its item is gone, or what is
    /// remembered of the day is damaged or of a newer version of the library. A link that was sent on such a day may be missing in <see cref="Sent"/>.
    /// </summary>
    /// <value>Default: none. In ascending order.</value>
    public IReadOnlyList<DateOnly> UncheckedDates { get; init => field = value ?? []; } = [];

    /// <summary>Whether a URL was sent, or may have been sent.</summary>
    /// <param name="url">The URL, in the spelling in which it was handed in.</param>
    /// <returns><see langword="true"/> when it is in <see cref="Sent"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is <see langword="null"/>.</exception>
    public bool Contains(string url) => Sent.ContainsKey(url);
}
