using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Storing;

// One distinct item on its way through the steps. Each step adds what it finds out.
internal sealed class PendingItem
{
    private bool _isAwaitingAnswer;
    private bool _wasUnanswered;
    private bool _mayHaveHappened;

    // The index of the copy whose content is stored, which is the last one in the window.
    public required int Index { get; set; }

    // The index of the copy that gives the place in the digest, which is the first one.
    public required int FirstIndex { get; init; }

    public required DigestItemId Id { get; init; }

    public required CleanItem Content { get; set; }

    public required int Size { get; set; }

    public ItemWrite? Write { get; set; }

    public DigestItemOutcome OutcomeWhenStored { get; set; }

    public int WireBytes { get; set; }

    public int CapacityUnits => Math.Max(1, (Size + 1023) / 1024);

    // The letter that is replayed; null for an item that is stored for the first time.
    public ReplayedLetter? Letter { get; set; }

    // What the table holds under the item's id; null until the item has been compared.
    public KnownRecord? Known { get; set; }

    // The copy of the same page that came before this one in the window. It is stored if this one turns out to be too large.
    public EarlierCopy? Earlier { get; set; }

    public bool WasSent { get; private set; }

    // Null unless the item has failed.
    public StoreProblemReason? Failure { get; private set; }

    // Whether the table may hold this content although no answer said so.
    public bool MayBeStored => _isAwaitingAnswer || _mayHaveHappened;

    // Until its answer is recorded, an item counts as sent and not answered. So if an exception prevents the recording, the report does not
    // deny a write that may have happened.
    public void Sending() => (WasSent, _isAwaitingAnswer) = (true, true);

    // The fault is null when DynamoDB took the item, or returned it as unprocessed.
    public void Answered(TableFault? fault)
    {
        _isAwaitingAnswer = false;
        _wasUnanswered |= fault is { IsUnanswered: true };
        _mayHaveHappened |= fault is { MayHaveBeenApplied: true };
    }

    // Every failure of an item goes through this method, because a reason must not deny a write that may have happened. Such a reason is
    // replaced by OutcomeUnknown. After a server error Unavailable stays, because it does not claim that the item is not in the table.
    public StoreProblemReason Fail(StoreProblemReason cause)
    {
        bool isUnknown = _isAwaitingAnswer || _wasUnanswered || (_mayHaveHappened && cause != StoreProblemReason.Unavailable);
        StoreProblemReason reason = isUnknown ? StoreProblemReason.OutcomeUnknown : cause;
        Failure = reason;
        return reason;
    }

    // Goes back to the earlier copy. Returns false if there is none.
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
