using DigestStore.Configuration;
using DigestStore.Quality;
using DigestStore.Records;

namespace DigestStore.Storing;

// Steps 1 to 3 for one item at a time: validate, identify, deduplicate. Both inputs feed it.
internal sealed class Intake(StoreSettings settings, StoreLedger ledger, DateOnly date, DateTimeOffset now)
{
    private Deduplicator _window = new();

    public int Count => _window.Distinct.Count;

    public int Seen { get; private set; }

    public long Bytes { get; private set; }

    // Told once, when the window has more distinct items than would be looked up one by one.
    public Action? BecameMany { get; set; }

    public void Expect(int items) => _window.EnsureCapacity(items);

    // The part that runs the caller's code, its tags' and metadata's: it may throw, block or never end, and changes nothing.
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
        Seen++;
        int index = ledger.Receive(prepared.Source, prepared.Findings);
        if (prepared.Defect is { } defect)
        {
            ledger.Reject(index, null, prepared.Source, defect, prepared.DefectMessage);
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
            ledger.Duplicate(replaced.Value, pending.Content.Source);
        }
        else if (Count == StoredState.FewItems + 1)
        {
            BecameMany?.Invoke();
        }
    }

    public void TakeUnseen(int items) => ledger.ReceiveUnseen(items);

    public Window Close(bool isLast)
    {
        var window = new Window(_window.Distinct, isLast);
        (_window, Seen, Bytes) = (new Deduplicator(), 0, 0);
        return window;
    }
}
