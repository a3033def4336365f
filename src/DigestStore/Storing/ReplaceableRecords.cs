using DigestStore.Records;

namespace DigestStore.Storing;

// The records that a letter may replace: the one that its store call found, and those that the same call had sent earlier without getting
// an answer. A record that the store call of another letter found is not replaced, since only clocks could tell which of the two calls was
// later.
internal sealed class ReplaceableRecords
{
    // Letters of the first version do not say what their store call found, so the times are compared. Clocks are wrong by less than this,
    // so a record that is older than the letter by more than this is really older.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    // The version and the first 64 bits of a hash. A shorter start could also belong to another content.
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

    // The record as it is if this copy was stored although no answer came. A later copy of the same store call may find it.
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
