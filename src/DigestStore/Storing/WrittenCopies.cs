namespace DigestStore.Storing;

// A stream may bring an item again, windows after its first copy was stored. This class remembers the copies that this call has written, or
// may have written, so that the later copy takes the place of the earlier one in the report.
internal sealed class WrittenCopies(StoreLedger ledger)
{
    // For each id of which nobody knows whether its newest copy is stored: what this call did to its record before. It becomes part of the
    // outcome of the next copy that is known to be stored.
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

            // Nobody knows whether the record has the content of a copy that only may be stored. After a defect of the library, the last window
            // may be added twice.
            if (Ids.Set(item.Id, item.Index, isStored ? HashPrefix.Of(item.Content.ContentHash) : IdIndex.UnknownContent) is { } earlier && earlier != item.Index)
            {
                DigestItemOutcome? before = _unreported.Remove(item.Id, out DigestItemOutcome done) ? done : null;
                if (ledger.Supersede(earlier, item, before) is { } unreported)
                {
                    _unreported.Add(item.Id, unreported);
                }
            }
        }
    }

    // Returns the record as an earlier copy of the item has left it, or null if this call has written no copy or nobody knows its content.
    public KnownRecord? KnownOf(PendingItem item) =>
        Ids.ContentOf(item.Id) is not IdIndex.UnknownContent and var prefix ? HashPrefix.Known(prefix, item.Content.ContentHash) : null;
}
