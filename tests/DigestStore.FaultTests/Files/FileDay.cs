using DigestStore.FaultTests.Child;

namespace DigestStore.FaultTests;

/// <summary>What a day of the file must hold: its items, the counts of its header, and what was sent.</summary>
internal sealed class FileDay(int day, FileClaims claims)
{
    private const int LargestBatch = 25;

    private readonly Dictionary<(int Worker, int Number), Content> _items = [];

    // Written for the dead-letter sink, and not seen in the file yet. True: the sink has said that it has them.
    private readonly Dictionary<(int Worker, int Number), bool> _letters = [];

    private long _inserted;
    private long _runs;

    public int Day => day;

    public FileSends Sends { get; } = new(day, claims);

    public bool HasLetters => _letters.Count > 0 || Sends.HasLetters;

    public void Store(FileEvent done)
    {
        (int Inserted, int Updated, int Unchanged) counts = default;
        foreach ((int Worker, int Number) key in KeysOf(done.Range))
        {
            Content? before = Known(key);
            _items[key] = After(before, done.Version);
            counts = (counts.Inserted + (before is null ? 1 : 0), counts.Updated, counts.Unchanged + (before?.Version == done.Version ? 1 : 0));
        }

        counts.Updated = done.Range.Count - counts.Inserted - counts.Unchanged;
        claims.Expect(done.Outcome == nameof(StoreStatus.Stored), $"a store call ended otherwise: {done}");
        claims.Expect(done.Counts is null || done.Counts == counts, $"a store call counts otherwise than the file has it, {counts}: {done}");
        _inserted += counts.Inserted;
        _runs++;
    }

    public void KeepLetters(FileEvent done)
    {
        claims.Expect(done.Outcome == "All", $"the sink did not take all items: {done}");
        foreach ((int Worker, int Number) key in KeysOf(done.Range).Where(key => Known(key) is null))
        {
            _letters[key] = true;
        }
    }

    public async Task CheckAsync(DigestRepositoryBase repository, IReadOnlyList<FileEvent> open, IReadOnlySet<string> letters, bool isReplayed)
    {
        Digest digest = await repository.GetAsync(FileRange.DateOf(day));
        claims.Expect(digest.Unreadable == 0, $"day {day} has {digest.Unreadable} records that cannot be read");
        Dictionary<string, StoredDigestItem> found = digest.ToDictionary(static item => item.Item.Url, StringComparer.Ordinal);
        FileEvent[] stores = [.. open.Where(static begun => begun.Step == FileStep.StoreBegun)];
        int[] inserted = [.. stores.Select(begun => Settle(begun, found))];
        foreach (FileEvent begun in open.Where(static begun => begun.Step == FileStep.LettersBegun))
        {
            foreach ((int Worker, int Number) key in KeysOf(begun.Range).Where(key => Known(key) is null))
            {
                _letters.TryAdd(key, value: false);
            }
        }

        int replayed = TakeReplayed(found, letters);
        foreach (((int Worker, int Number) key, Content content) in _items)
        {
            claims.Expect(Holds(found, key, content), $"day {day}: item {key} must have {content}, and is {Shown(found, key)}");
            found.Remove(UrlOf(key));
        }

        claims.Expect(found.Count == 0, $"day {day}: nobody has stored {string.Join(", ", found.Keys)}");
        await CheckHeaderAsync(repository, inserted, replayed, isReplayed);
        await Sends.CheckAsync(repository, letters);
    }

    // A store call that nobody was told of: each of its items is as before or as the call wanted it, and so is all of a batch. Returns how many items it has inserted.
    private int Settle(FileEvent begun, Dictionary<string, StoredDigestItem> found)
    {
        int changes = 0;
        int applied = 0;
        int inserted = 0;
        foreach ((int Worker, int Number) key in KeysOf(begun.Range))
        {
            Content? before = Known(key);
            Content after = After(before, begun.Version);
            if (before == after)
            {
                continue;
            }

            changes++;
            if (Holds(found, key, after))
            {
                applied++;
                inserted += before is null ? 1 : 0;
                _items[key] = after;
            }
        }

        claims.Expect(changes > LargestBatch || applied == 0 || applied == changes, $"day {day} has {applied} of the {changes} items of one batch: {begun}");
        return inserted;
    }

    // A letter is in the sink, or its item is in the file, once and as it was written.
    private int TakeReplayed(Dictionary<string, StoredDigestItem> found, IReadOnlySet<string> letters)
    {
        int replayed = 0;
        foreach (((int Worker, int Number) key, bool isAcknowledged) in _letters)
        {
            if (found.ContainsKey(UrlOf(key)))
            {
                replayed++;
                _letters.Remove(key);
                _items[key] = After(before: null, version: 0);
            }
            else
            {
                claims.Expect(!isAcknowledged || letters.Contains(UrlOf(key)), $"day {day}: the letter of item {key} is lost");
            }
        }

        return replayed;
    }

    // The header is written after the items, so that a call that was killed between the two is not counted.
    private async Task CheckHeaderAsync(DigestRepositoryBase repository, int[] inserted, int replayed, bool isReplayed)
    {
        DigestDay? header = await repository.ListDaysAsync(FileRange.DateOf(day), FileRange.DateOf(day)).SingleOrDefaultAsync();
        (long Inserted, long Runs) counts = (header?.ItemsInserted ?? 0, header?.Runs ?? 0);
        bool agrees = isReplayed
            ? counts.Inserted >= _inserted && counts.Inserted <= _inserted + inserted.Sum() + replayed && counts.Runs >= _runs
            : Subsets(inserted).Any(subset => counts == (_inserted + subset.Sum, _runs + subset.Count));
        claims.Expect(
            agrees,
            $"day {day}: the header counts {counts}, and must count {(_inserted, _runs)}; {inserted.Length} calls without an end have inserted {string.Join(" + ", inserted)}, replays {replayed}");
        claims.Expect(counts.Inserted <= _items.Count, $"day {day}: the header counts {counts.Inserted} items, and there are {_items.Count}");
        (_inserted, _runs) = counts;
    }

    private static IEnumerable<(int Sum, int Count)> Subsets(int[] numbers) =>
        Enumerable.Range(0, 1 << numbers.Length).Select(subset => (numbers.Where((_, index) => (subset & (1 << index)) != 0).Sum(), int.PopCount(subset)));

    private Content? Known((int Worker, int Number) key) => _items.TryGetValue(key, out Content? known) ? known : null;

    private static Content After(Content? before, int version) => before is null ? new Content(version, 1) : before.Version == version ? before : new Content(version, before.Revision + 1);

    private bool Holds(Dictionary<string, StoredDigestItem> found, (int Worker, int Number) key, Content content) =>
        found.TryGetValue(UrlOf(key), out StoredDigestItem? item) && item.Revision == content.Revision &&
        item.Item.Equals(FileRange.ItemOf(day, key.Worker, key.Number, content.Version));

    private string Shown(Dictionary<string, StoredDigestItem> found, (int Worker, int Number) key) =>
        found.TryGetValue(UrlOf(key), out StoredDigestItem? item) ? $"'{item.Item.Title}', revision {item.Revision}" : "not there";

    private string UrlOf((int Worker, int Number) key) => new FileRange(day, key.Worker, key.Number, 1).Urls[0];

    private static IEnumerable<(int Worker, int Number)> KeysOf(FileRange range) => range.Numbers.Select(number => (range.Worker, number));

    private sealed record Content(int Version, int Revision);
}
