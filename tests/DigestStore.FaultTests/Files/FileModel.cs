using DigestStore.FaultTests.Child;

namespace DigestStore.FaultTests;

/// <summary>What must be in a file, from what its processes were told before they were killed.</summary>
internal sealed class FileModel
{
    private readonly FileClaims _claims = new();
    private readonly SortedDictionary<int, FileDay> _days = [];
    private readonly Dictionary<int, FileEvent> _open = [];
    private readonly HashSet<int> _touched = [];
    private bool _isReplayed;

    public IReadOnlyList<string> Broken => _claims.Broken;

    public int Acknowledged { get; private set; }

    public void Take(FileEvent happened)
    {
        FileDay day = DayOf(happened.Range.Day);
        _isReplayed |= happened.Step == FileStep.ReplayBegun;
        switch (happened.Step)
        {
            case FileStep.StoreBegun or FileStep.LettersBegun or FileStep.ReplayBegun or FileStep.SendBegun or FileStep.UnrecordedSendBegun:
                _open[happened.Range.Worker] = happened;
                return;
            case FileStep.Stored:
                day.Store(happened);
                break;
            case FileStep.Lettered:
                day.KeepLetters(happened);
                break;
            case FileStep.Replayed:
                _claims.Expect(happened.Outcome == "All", $"a replay has met letters that it could not read, or that were rejected: {happened}");
                break;
            case FileStep.Granted:
                day.Sends.Grant(happened);
                break;
            case FileStep.Announced:
                day.Sends.Announce(happened);
                break;
            case FileStep.SendEnded:
                day.Sends.End(happened);
                break;
            case FileStep.SendLettered:
                day.Sends.KeepLetter(happened);
                break;
        }

        Acknowledged++;
        if (happened.Step is not FileStep.Granted and not FileStep.Announced)
        {
            _open.Remove(happened.Range.Worker);
        }
    }

    public void Take(FileMail mail) => DayOf(mail.Range.Day).Sends.Take(mail);

    public void Expect(bool isTrue, string broken) => _claims.Expect(isTrue, broken);

    /// <summary>Compares the days of the last round, or all days, with the file. What nobody was told is then known, too: it is there or it is not.</summary>
    public async Task CheckAsync(FileStore store, bool isLast)
    {
        HashSet<string> letters = await LettersAsync(store);
        foreach (FileDay day in _days.Values.Where(day => isLast || _touched.Contains(day.Day) || (_isReplayed && day.HasLetters)))
        {
            FileEvent[] open = [.. _open.Values.Where(begun => begun.Range.Day == day.Day)];
            await day.CheckAsync(store.Repository, open, letters, _isReplayed || isLast);
        }

        _touched.Clear();
        _open.Clear();
        _isReplayed = false;
    }

    private FileDay DayOf(int day)
    {
        _touched.Add(day);
        if (!_days.TryGetValue(day, out FileDay? known))
        {
            known = new FileDay(day, _claims);
            _days.Add(day, known);
        }

        return known;
    }

    private static async Task<HashSet<string>> LettersAsync(FileStore store)
    {
        var urls = new HashSet<string>(StringComparer.Ordinal);
        await foreach (DeadLetterBatch batch in store.Letters.GetBatchesAsync(DigestStoreDefaults.TableName))
        {
            await foreach (DeadLetter letter in batch.ReadAsync())
            {
                urls.UnionWith(letter.Item is { } item ? [item.Url] : letter.Delivery!.Urls);
            }
        }

        return urls;
    }
}
