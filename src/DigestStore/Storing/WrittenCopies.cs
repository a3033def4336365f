namespace DigestStore.Storing;

// A stream may bring an item again, windows after its first copy was stored. These are the copies that this store has written, or may
// have written: the later copy then takes the place of the earlier one in the report.
internal sealed class WrittenCopies(StoreLedger ledger)
{
    // What this store has done to an id whose newest copy may be stored or not. The next copy that is known to be stored reports it.
    private readonly Dictionary<DigestItemId, DigestItemOutcome> _unreported = [];

    // An id that is in here is looked up again when it comes again.
    public IdIndex Ids { get; } = new();

    public void Add(Window window)
    {
        // Nothing comes after the last window, so a collection need not remember its items.
        if (window is { IsLast: true } && Ids.Count == 0)
        {
            return;
        }

        foreach (PendingItem item in window.Items)
        {
            bool isStored = ledger.IsStored(item.Index);
            if (!isStored && !item.MayBeStored)
            {
                continue;
            }

            // When a store breaks, its last window may be added twice.
            if (Ids.TryGet(item.Id, out int earlier) && earlier != item.Index)
            {
                DigestItemOutcome? before = _unreported.Remove(item.Id, out DigestItemOutcome done) ? done : null;
                if (ledger.Supersede(earlier, item, before) is { } unreported)
                {
                    _unreported.Add(item.Id, unreported);
                }
            }

            // Nobody knows whether the record has the content of a copy that only may be stored.
            Ids.Set(item.Id, item.Index, isStored ? HashStart.Of(item.Content.ContentHash) : IdIndex.UnknownContent);
        }
    }

    // What an earlier copy of the item has made of its record. Null when this store has written none, or nobody knows.
    public KnownRecord? KnownOf(PendingItem item) =>
        Ids.ContentOf(item.Id) is not IdIndex.UnknownContent and var start ? HashStart.Known(start, item.Content.ContentHash) : null;
}
