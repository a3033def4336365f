namespace DigestStore.Storing;

// The distinct items that go through the steps together: a whole collection, or a stretch of a stream.
internal sealed record Window(IReadOnlyList<PendingItem> Items, bool IsLast)
{
    // What the end of the call left no time to look at.
    public UnseenItems? Unseen { get; init; }
}
