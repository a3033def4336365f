using DigestStore.Table;

namespace DigestStore.DeadLetters;

// Every page of which there are letters, before any of them is replayed. Only a page's newest letter is: once it is in the table, no older
// one may replace it, in whatever file that is, and the newest would not know the older one's content.
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
        page.Newest = page.Newest is { } newest && newest.CompareTo(age) > 0 ? newest : age;
        page.MayReplace.Add(letter, content, scope.Now);
        return page;
    }

    // The greater, the newer. A stream may leave several letters of a page in one call; their places tell them apart. A time that is still to
    // come is a wrong clock's: such a letter must not win over all others for years.
    public (DateTimeOffset StoreStartedAt, int Ordinal) AgeOf(DeadLetter letter) =>
        (letter.StoreStartedAt <= scope.Now ? letter.StoreStartedAt : default, letter.Ordinal);
}

internal sealed class LetterPage
{
    public (DateTimeOffset StoreStartedAt, int Ordinal)? Newest { get; set; }

    public Replaceable MayReplace { get; } = new();

    // What became of the newest letter; that decides about the older ones. Null until it is known, and when it was rejected.
    public LetterFate? Fate { get; set; }
}
