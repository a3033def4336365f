using DigestStore.Table;

namespace DigestStore.DeadLetters;

// The records that the letters of one page know. What an older letter of the page knew, a newer one may replace as well: as long as that
// record is there, nothing else was stored in between.
internal sealed class Replaceable
{
    // Letters of the first version bring a time alone. Clocks are put right by less than this, so a record that is older by more is older.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    // The version and 64 bits; less would fit other contents too.
    private const int LeastHash = 18;

    private HashSet<KnownRecord>? _known;
    private HashSet<Unanswered>? _unanswered;
    private DateTimeOffset? _latestWithTimeOnly;

    public void Add(DeadLetter letter, CleanItem content, DateTimeOffset now)
    {
        if (letter.Known is { State: KnownRecordState.Present } known)
        {
            (_known ??= []).Add(known);
        }
        else if (letter.Known is null && letter.StoreStartedAt <= now && !(letter.StoreStartedAt <= _latestWithTimeOnly))
        {
            _latestWithTimeOnly = letter.StoreStartedAt;
        }

        if (letter.Reason is StoreProblemReason.OutcomeUnknown or StoreProblemReason.Unavailable)
        {
            (_unanswered ??= []).Add(new Unanswered(letter.StoreStartedAt, letter.CorrelationId, AsStored(letter, content)));
        }
    }

    public bool Has(ItemRecord there, DeadLetter newest) =>
        _latestWithTimeOnly - there.Stored!.UpdatedAt > Margin ||
        _known?.Any(known => Is(known, there)) == true ||
        _unanswered?.Any(earlier => earlier.IsOfStoreOf(newest) && Is(earlier.AsStored, there)) == true;

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

    private sealed record Unanswered(DateTimeOffset StoreStartedAt, string CorrelationId, KnownRecord AsStored)
    {
        public bool IsOfStoreOf(DeadLetter letter) =>
            letter.StoreStartedAt == StoreStartedAt && string.Equals(letter.CorrelationId, CorrelationId, StringComparison.Ordinal);
    }
}
