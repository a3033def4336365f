using DigestStore.Records;
using DigestStore.Storing;

namespace DigestStore.DeadLetters;

// All pages that have letters. The index is complete before the first letter is replayed. The letters of one page are tried one after the
// other, the newest first, whatever files they are in, until one of them is in the table, because an older letter must not replace a newer
// one.
internal sealed class LetterIndex(ReplayScope scope)
{
    private readonly Dictionary<(DateOnly Date, DigestItemId Id), LetterPage> _pages = [];

    // Returns null if the item is invalid under today's rules, because such an item belongs to no page.
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

    // Returns a value that is greater for a newer letter. One store call with a stream may leave several letters of a page, which differ in
    // their ordinals. A time in the future comes from a wrong clock and counts as the oldest, or such a letter would win over all others
    // for years.
    public (DateTimeOffset StoreStartedAt, int Ordinal) AgeOf(DeadLetter letter) =>
        (letter.StoreStartedAt <= scope.Now ? letter.StoreStartedAt : default, letter.Ordinal);
}

internal sealed class LetterPage
{
    // The ages of the letters that have not been tried yet.
    public SortedSet<(DateTimeOffset StoreStartedAt, int Ordinal)> Ages { get; } = [];

    public ReplaceableRecords MayReplace { get; } = new();

    // The fate becomes Stored or Kept when a letter has decided about the page, and so about its letters that have not been tried. While it
    // is null, the next older letter is tried.
    public LetterFate? Fate { get; private set; }

    // True if the table already had the content of one of the letters.
    public bool IsUnchanged { get; private set; }

    // The newest letter that has not been tried is the next one. A letter of the same age as one that was tried is next, too: Decide has
    // removed this age, so Max is an older age, or the default value if no age is left.
    public bool IsNext((DateTimeOffset, int) age) => Fate is null && age.CompareTo(Ages.Max) >= 0;

    public void Decide(DeadLetter letter, (DateTimeOffset, int) age, LetterFate fate)
    {
        Ages.Remove(age);
        IsUnchanged |= fate == LetterFate.Unchanged;

        // Unchanged means that the table already has the content of this letter. If the letter's store call knew the state of the table, it
        // knew an earlier one, so the letter is older than the present record. A letter that knew exactly the present record is newer than
        // it, whatever its time says, and must still be tried.
        bool isBeforeRecord = letter.Known is { State: not KnownRecordState.Unknown };
        Fate = fate switch
        {
            LetterFate.Unchanged => isBeforeRecord ? null : LetterFate.Stored,
            LetterFate.Stored or LetterFate.Kept => fate,
            LetterFate.Superseded or LetterFate.Rejected => null,
        };
    }
}
