namespace DigestStore.Storing;

// The distinct items that go through the steps together: those of a whole collection, or of a part of a stream.
internal sealed record Window(Deduplicator Distinct, bool IsLast)
{
    public IReadOnlyList<PendingItem> Items => Distinct.Distinct;

    public PendingItem? Find(DigestItemId id) => Distinct.Find(id);

    // The items that were not prepared before the end of the call; null if there are none.
    public UnpreparedItems? Unprepared { get; init; }
}
