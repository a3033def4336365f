using DigestStore.Records;

namespace DigestStore.Storing;

// What a letter may replace: the record that its own store knew, and what its own store sent before it without an answer. What another letter
// knew says nothing about this one: only clocks could tell which of the two stores was the later one.
internal sealed class Replaceable
{
    // Letters of the first version bring a time alone. Clocks are put right by less than this, so a record that is older by more is older.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    // The version and 64 bits; less would fit other contents too.
    private const int LeastHash = 18;

    private HashSet<Unanswered>? _unanswered;

    public void Add(DeadLetter letter, CleanItem content)
    {
        if (letter.Reason is StoreProblemReason.OutcomeUnknown or StoreProblemReason.Unavailable)
        {
            (_unanswered ??= []).Add(new Unanswered(letter.StoreStartedAt, letter.CorrelationId, letter.Ordinal, AsStored(letter, content)));
        }
    }

    public bool Has(ItemRecord there, DeadLetter letter, DateTimeOffset now) =>
        (letter.Known is { State: KnownRecordState.Present } known && Is(known, there)) ||
        (letter.Known is null && letter.StoreStartedAt <= now && letter.StoreStartedAt - there.Stored!.UpdatedAt > Margin) ||
        _unanswered?.Any(earlier => earlier.IsOfStoreOf(letter) && Is(earlier.AsStored, there)) == true;

    // A stream's earlier copy that was sent without an answer: the same store's later copy may find it there.
    private static KnownRecord AsStored(DeadLetter letter, CleanItem content) => new()
    {
        State = KnownRecordState.Present,
        ContentHash = content.ContentHash,
        Revision = letter.Known?.State == KnownRecordState.Absent ? 1 : letter.Known?.Revision + 1,
    };

    private static bool Is(KnownRecord known, ItemRecord there)
    {
        if (known.Revision is { } revision && revision != there.Stored!.Revision)
        {
            return false;
        }

        return known.ContentHash is null
            ? there.ContentHash is null && known.Revision is not null
            : known.ContentHash.Length >= LeastHash && there.ContentHash?.StartsWith(known.ContentHash, StringComparison.Ordinal) == true;
    }

    private sealed record Unanswered(DateTimeOffset StoreStartedAt, string CorrelationId, int Ordinal, KnownRecord AsStored)
    {
        public bool IsOfStoreOf(DeadLetter later) =>
            later.StoreStartedAt == StoreStartedAt && later.Ordinal > Ordinal && string.Equals(later.CorrelationId, CorrelationId, StringComparison.Ordinal);
    }
}
