using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Storing;

// One distinct item on its way through the steps; each step adds what it finds out.
internal sealed class PendingItem
{
    private bool _isAwaitingAnswer;
    private bool _wasUnanswered;
    private bool _mayHaveHappened;

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

    // Of a dead letter that is replayed: what it brings from its own store.
    public ReplayedLetter? Letter { get; set; }

    // What was found in the table; null until the item has been compared.
    public KnownRecord? Known { get; set; }

    // The copy of the same page that came before this one in the window: it is stored if this one turns out to be too large.
    public EarlierCopy? Earlier { get; set; }

    public bool WasSent { get; private set; }

    // Null as long as the item has not failed.
    public StoreProblemReason? Failure { get; private set; }

    // Whether the table may hold this content although no answer said so.
    public bool MayBeStored => _isAwaitingAnswer || _mayHaveHappened;

    // Until the answer comes, the item counts as sent without one, so that an error of our own between the two hides nothing.
    public void Sending() => (WasSent, _isAwaitingAnswer) = (true, true);

    // Null: DynamoDB took the batch, or returned the item as unprocessed.
    public void Answered(TableFault? fault)
    {
        _isAwaitingAnswer = false;
        _wasUnanswered |= fault is { IsNoAnswer: true };
        _mayHaveHappened |= fault is { MayHaveHappened: true };
    }

    // The only way for an item to fail. The reason never denies a write that may have happened: Unavailable says itself that server
    // errors were the answer, every other reason says that the item is not in the table.
    public StoreProblemReason Fail(StoreProblemReason cause)
    {
        bool isUnknown = _isAwaitingAnswer || _wasUnanswered || (_mayHaveHappened && cause != StoreProblemReason.Unavailable);
        StoreProblemReason reason = isUnknown ? StoreProblemReason.OutcomeUnknown : cause;
        Failure = reason;
        return reason;
    }

    // False when there is no earlier copy.
    public bool FallBack()
    {
        if (Earlier is not { } earlier)
        {
            return false;
        }

        (Index, Content, Size, Letter, Earlier) = (earlier.Index, earlier.Content, earlier.Size, earlier.Letter, earlier.Earlier);
        return true;
    }
}

internal sealed record EarlierCopy(int Index, CleanItem Content, int Size, ReplayedLetter? Letter, EarlierCopy? Earlier);
