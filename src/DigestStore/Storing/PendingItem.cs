using DigestStore.Table;

namespace DigestStore.Storing;

// One distinct item on its way through the steps; each step adds what it finds out.
internal sealed class PendingItem
{
    // Of the copy whose content goes out: the last.
    public required int Index { get; set; }

    // Of the copy that gives the place in the digest: the first.
    public required int FirstIndex { get; init; }

    public required DigestItemId Id { get; init; }

    public required CleanItem Content { get; set; }

    public required int Size { get; set; }

    public ItemWrite? Write { get; set; }

    public DigestItemOutcome OutcomeWhenStored { get; set; }

    public int WireBytes { get; set; }

    public int CapacityUnits => Math.Max(1, (Size + 1023) / 1024);

    // Set when it could not be stored.
    public StoreProblemReason? Failure { get; set; }

    // Of a dead letter that is replayed: what it brings from its own store.
    public DeadLetter? Letter { get; set; }

    public bool WasSent { get; set; }

    // One of its sends ended without a proper answer.
    public bool WasUnanswered { get; set; }

    // The same, or with an error that comes after the deed at times.
    public bool MayBeStored { get; set; }
}
