using DigestStore.Records;
using DigestStore.Storing;

namespace DigestStore.DeadLetters;

// Every page of which there are letters, before any of them is replayed. A page's letters are tried one after the other, the newest first, in
// whatever files they are, until one of them is in the table: no older one may replace that.
internal sealed class LetterIndex(ReplayScope scope)
{
    private readonly Dictionary<(DateOnly Date, DigestItemId Id), LetterPage> _pages = [];

    // Null for an item that today's rules reject: it belongs to no page.
    public LetterPage? Add(DeadLetter letter)
    {
        if (!scope.TryIdentify(letter, out DigestItemId id, out CleanItem? content))
        {
            return null;
        }

        if (!_pages.TryGetValue((letter.Date, id), out LetterPage? page))
        {
            page = new LetterPage();
            _pages.Add((letter.Date, id), page);
        }

        (DateTimeOffset, int) age = AgeOf(letter);
        page.Ages.Add(age);
        page.MayReplace.Add(letter, content);
        return page;
    }

    // The greater, the newer. A stream may leave several letters of a page in one call; their places tell them apart. A time that is still to
    // come is a wrong clock's: such a letter must not win over all others for years.
    public (DateTimeOffset StoreStartedAt, int Ordinal) AgeOf(DeadLetter letter) =>
        (letter.StoreStartedAt <= scope.Now ? letter.StoreStartedAt : default, letter.Ordinal);
}

internal sealed class LetterPage
{
    // Of the letters that have not been tried.
    public SortedSet<(DateTimeOffset StoreStartedAt, int Ordinal)> Ages { get; } = [];

    public Replaceable MayReplace { get; } = new();

    // Stored or kept: that decides about the letters that have not been tried. Null: the next one has its turn.
    public LetterFate? Fate { get; private set; }

    // The table has the content of one of the letters already.
    public bool IsUnchanged { get; private set; }

    // Of no ages the greatest is the least of all.
    public bool IsTurnOf((DateTimeOffset, int) age) => Fate is null && age.CompareTo(Ages.Max) >= 0;

    public void Decide(DeadLetter letter, (DateTimeOffset, int) age, LetterFate fate)
    {
        Ages.Remove(age);
        IsUnchanged |= fate == LetterFate.Unchanged;

        // A letter that knew another record was made before this one came. A letter that knew exactly this one is later, whatever its time says,
        // and still has its turn.
        bool isBeforeRecord = letter.Known is { State: not KnownRecordState.Unknown };
        Fate = fate switch
        {
            LetterFate.Unchanged => isBeforeRecord ? null : LetterFate.Stored,
            LetterFate.Stored or LetterFate.Kept => fate,
            LetterFate.Superseded or LetterFate.Rejected => null,
        };
    }
}
