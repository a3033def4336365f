using DigestStore.Configuration;
using DigestStore.Quality;
using DigestStore.Table;

namespace DigestStore.Storing;

// Steps 1 to 3 for one item at a time: validate, identify, deduplicate. Both inputs feed it.
internal sealed class Intake(StoreSettings settings, StoreLedger ledger, DateOnly date, DateTimeOffset now)
{
    private Deduplicator _window = new();

    public int Count => _window.Distinct.Count;

    public int Seen { get; private set; }

    public long Bytes { get; private set; }

    public void Expect(int items) => _window.EnsureCapacity(items);

    public void Add(DigestItem? item, DeadLetter? letter = null)
    {
        Seen++;
        int index = ledger.Receive(item, ItemInspection.Of(item, date, now));
        if (settings.Options is { Enabled: false, WhenDisabled: DisabledItems.Drop })
        {
            ledger.Settle(index, DigestItemOutcome.Skipped);
            return;
        }

        if (!ItemValidator.TryValidate(item, settings.Identity, settings.Options.Digest, out CleanItem? content, out int size, out StoreProblemReason defect))
        {
            ledger.Reject(index, null, item, defect);
            return;
        }

        var pending = new PendingItem
        {
            Index = index,
            FirstIndex = index,
            Id = DigestItemId.FromCanonical(content.CanonicalUrl),
            Content = content,
            Size = size,
            Letter = letter,
        };
        Bytes += size;
        if (_window.Add(pending, out int? replaced))
        {
            ledger.Duplicate(replaced.Value, content.Source);
        }
    }

    public Window Close(bool isLast)
    {
        var window = new Window(_window.Distinct, isLast);
        (_window, Seen, Bytes) = (new Deduplicator(), 0, 0);
        return window;
    }
}
