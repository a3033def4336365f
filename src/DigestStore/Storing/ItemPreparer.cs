using DigestStore.Configuration;
using DigestStore.Quality;
using DigestStore.Records;

namespace DigestStore.Storing;

// Steps 1 to 3 of StoreOperation, for one item at a time: validate, identify, deduplicate. Prepare validates an item and computes its id.
// Take puts the prepared item into the window.
internal sealed class ItemPreparer(StoreSettings settings, StoreLedger ledger, DateOnly date, DateTimeOffset now)
{
    private Deduplicator _window = new();

    // The distinct valid items of the window.
    public int Count => _window.Distinct.Count;

    // The number of all items since the last window, copies and invalid ones included.
    public int Taken { get; private set; }

    public long Bytes { get; private set; }

    // Called when the window gets more than StoredState.FewItems distinct items: a page of the day can then be read before the last item is
    // known.
    public Action? OnMoreThanFew { get; set; }

    public void EnsureCapacity(int items) => _window.EnsureCapacity(items);

    // This method runs code of the caller, in the tags and the metadata of the item. That code may throw, block or never end, so the method
    // changes nothing in this object.
    public PreparedItem Prepare(DigestItem? item, ReplayedLetter? letter = null)
    {
        FindingSet findings = ItemInspection.Of(item, date, now);
        if (settings.Options is { Enabled: false, WhenDisabled: DisabledItems.Drop })
        {
            return new PreparedItem(item, findings);
        }

        return ItemValidator.TryValidate(item, settings.Identity, settings.Options.DigestName, out CleanItem? content, out int size, out StoreProblemReason defect)
            ? new PreparedItem(item, findings) { Id = DigestItemId.FromCanonical(content.CanonicalUrl), Content = content, Size = size, Letter = letter }
            : new PreparedItem(item, findings) { Defect = defect, DefectMessage = content is null ? null : TooLargeMessage.Of(content, size) };
    }

    public void Take(in PreparedItem prepared)
    {
        Taken++;
        int index = ledger.Receive(prepared.Item, prepared.Findings);
        if (prepared.Defect is { } defect)
        {
            ledger.Reject(index, null, prepared.Item, defect, prepared.DefectMessage);
            return;
        }

        if (prepared.ToPending(index) is not { } pending)
        {
            ledger.Settle(index, DigestItemOutcome.Skipped);
            return;
        }

        Bytes += prepared.Size;
        if (_window.Add(pending, out int? replaced))
        {
            ledger.Duplicate(replaced.Value, pending.Content.Item);
        }
        else if (Count == StoredState.FewItems + 1)
        {
            OnMoreThanFew?.Invoke();
        }
    }

    public void TakeUnprepared(int items) => ledger.ReceiveUnprepared(items);

    // Hands over the window, and begins the next one.
    public Window Close(bool isLast)
    {
        var window = new Window(_window, isLast);
        (_window, Taken, Bytes) = (new Deduplicator(), 0, 0);
        return window;
    }
}
