namespace DigestStore.Storing;

// The distinct items that go through the steps together: those of a whole collection, or of a part of a stream.
internal sealed record Window(IReadOnlyList<PendingItem> Items, bool IsLast)
{
    // The items that were not prepared before the end of the call; null if there are none.
    public UnpreparedItems? Unprepared { get; init; }
}
