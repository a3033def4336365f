using DigestStore.Faults;
using DigestStore.Records;

namespace DigestStore.Storing;

// Step 4 of StoreOperation for the items of a window: settles those that need no write, and prepares the others for it.
internal sealed class WindowComparison(StoreContext context, StoredState state, bool hasSink)
{
    private readonly StoreLedger _ledger = context.Ledger;

    // Returns the items that have to be written.
    public List<PendingItem> Compare(Window window)
    {
        DateTimeOffset now = context.Scope.Time.GetUtcNow();
        var changed = new List<PendingItem>(window.Items.Count);
        for (int index = 0; index < window.Items.Count; index++)
        {
            if (index >= Preparation.AlwaysPrepared && context.Scope.IsOver)
            {
                FailFrom(window.Items, index, now);
                break;
            }

            PendingItem item = window.Items[index];
            ItemRecord? existing = state.Find(item.Id);
            if (existing is { State: RecordState.Newer })
            {
                _ledger.Fail(item, new FailureCause(StoreProblemReason.NewerSchema));
                continue;
            }

            DigestItemId newId = ItemComparison.CountsAsAbsent(existing, now) ? state.IdForNew(item.Id, existing) : item.Id;
            if (MustWrite(item, existing, newId, now))
            {
                changed.Add(item);
            }
        }

        return changed;
    }

    // The call ended while a large collection was being compared. There is only time to note for the letters what the table holds.
    private void FailFrom(IReadOnlyList<PendingItem> items, int first, DateTimeOffset now)
    {
        var cause = new FailureCause(context.Scope.EndReason);
        for (int index = first; index < items.Count; index++)
        {
            if (hasSink)
            {
                items[index].Known = ItemComparison.KnownOf(state.Find(items[index].Id), now);
            }

            _ledger.Fail(items[index], cause);
        }
    }

    // The loop ends, because each round takes away one earlier copy of the item.
    private bool MustWrite(PendingItem item, ItemRecord? existing, DigestItemId newId, DateTimeOffset now)
    {
        while (true)
        {
            (item.Write, item.OutcomeWhenStored) = ItemComparison.Decide(item, existing, newId, state.NextOrdinal, now, context.Settings);
            if (item.OutcomeWhenStored == DigestItemOutcome.Rejected)
            {
                _ledger.Reject(item.Index, item.Id, item.Content.Item, StoreProblemReason.Superseded);
                return false;
            }

            if (item.Write is null)
            {
                _ledger.Settle(item.Index, item.OutcomeWhenStored);
                return false;
            }

            if (item.Size + (item.Write.Unknown?.Size ?? 0) <= Schema.MaxItemBytes)
            {
                item.Known = ItemComparison.KnownOf(existing, now);
                item.WireBytes = WireSize.Of(item.Content, item.Size, item.Write.Unknown);
                return true;
            }

            // A copy that cannot be stored does not take the place of an earlier one that can.
            DigestItem tooLarge = item.Content.Item;
            _ledger.Reject(item.Index, item.Id, tooLarge, StoreProblemReason.ItemTooLarge, TooLargeMessage.Of(item.Content, item.Size, item.Write.Unknown));
            if (!item.FallBack())
            {
                return false;
            }

            _ledger.Reinstate(item.Index, tooLarge);
        }
    }
}
