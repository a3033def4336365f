namespace DigestStore;

/// <summary>Items divided into those that were sent in the days before a date, and the others.</summary>
/// <remarks>Collections are compared by reference: two results with the same content need not be equal.</remarks>
public sealed record RecentlySent
{
    /// <summary>The items that are not known to have been sent, in their order. Items without a URL that can be stored are here too.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<DigestItem> Fresh { get; init => field = value ?? []; } = [];

    /// <summary>The items that were sent, or may have been sent, in their order.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<RecentlySentItem> Sent { get; init => field = value ?? []; } = [];

    /// <summary>Whether the table was asked. If not, all items are <see cref="Fresh"/>, and some of them may have been sent before.</summary>
    public required bool IsChecked { get; init; }

    /// <summary>Why the table could not be asked.</summary>
    /// <value>Default <see langword="null"/>: it was asked.</value>
    public DigestStoreException? Error { get; init; }

    /// <inheritdoc cref="SentLookup.UnsettledDates"/>
    public IReadOnlyList<DateOnly> UnsettledDates { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Days of which not every link that was sent could be compared; see <see cref="SentLookup.UncheckedDates"/>. An item that was sent on such a day
    /// may be <see cref="Fresh"/>.
    /// </summary>
    /// <value>Default: none. In ascending order.</value>
    public IReadOnlyList<DateOnly> UncheckedDates { get; init => field = value ?? []; } = [];
}
