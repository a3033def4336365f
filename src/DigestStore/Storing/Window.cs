namespace DigestStore.Storing;

// The distinct items that go through the steps together: those of a whole collection, or of a part of a stream.
internal sealed record Window(IReadOnlyList<PendingItem> Items, bool IsLast)
{
    // The items that nobody has looked at, because the call ended before; null when there are none.
    public UnseenItems? Unseen { get; init; }
}
