using DigestStore.Storing;
using DigestStore.Telemetry;

namespace DigestStore.DeadLetters;

// One replay of a table's files.
internal sealed class ReplayRun(IReplayTarget target, FileDeadLetterSink letters, StoreLog log, IProgress<DeadLetterReplayResult>? progress, CancellationToken cancellationToken)
{
    private readonly ReplayScope _scope = target.ReplayScope();
    private DeadLetterReplayResult _total = new();
    private int _denied;

    public async Task<DeadLetterReplayResult> RunAsync()
    {
        LetterDirectory directory = letters.DirectoryOf(_scope.Table);
        letters.RemoveOld(directory, cancellationToken);
        var index = new LetterIndex(_scope);
        IReadOnlyList<string> files = directory.Files(out int notFiles);
        try
        {
            await ReplayFilesAsync(files, index).ConfigureAwait(false);
        }
        finally
        {
            Tell(notFiles);
        }

        return _total;
    }

    private async Task ReplayFilesAsync(IReadOnlyList<string> files, LetterIndex index)
    {
        List<LeftFile> undecided = await ReplayPassAsync(IndexFiles(files, index), index).ConfigureAwait(false);

        // Letters older than one whose file came later; mostly there are none. Ends: every pass takes a letter out of its file, or is the last.
        bool isOver = false;
        while (undecided.Count > 0 && !isOver)
        {
            int done = Done;
            undecided = await ReplayPassAsync(undecided.Select(left => left.File), index).ConfigureAwait(false);
            isOver = Done == done;
        }

        if (undecided.Count > 0)
        {
            CountKept(undecided.Sum(left => left.Letters));
            Report();
        }
    }

    // How many letters have left their files.
    private int Done => _total.Letters - _total.Kept;

    private async Task<List<LeftFile>> ReplayPassAsync(IEnumerable<string> files, LetterIndex index)
    {
        var undecided = new List<LeftFile>();
        foreach (string file in files)
        {
            if (await ReplayFileAsync(file, index).ConfigureAwait(false) is { } left)
            {
                undecided.Add(left);
            }
        }

        return undecided;
    }

    // Reads every file without a lock, so that a replay of another digest is not kept from its own. Gives those to work on, the newest
    // letters first. A file that has only letters of others is none of them.
    private IEnumerable<string> IndexFiles(IReadOnlyList<string> files, LetterIndex index)
    {
        var own = new List<(string File, (DateTimeOffset, int) Newest)>();
        foreach (string file in files)
        {
            using FileStream? stream = LetterFile.Open(file, out bool isDenied);
            _denied += isDenied ? 1 : 0;
            if (stream is not null && IndexFile(stream, index) is { } newest)
            {
                own.Add((file, newest));
            }
        }

        return own.OrderByDescending(file => file.Newest).Select(file => file.File);
    }

    private (DateTimeOffset, int)? IndexFile(FileStream stream, LetterIndex index)
    {
        int foreign = 0;
        int others = 0;
        (DateTimeOffset, int)? newest = null;
        foreach (LetterLine line in LetterLines.Read(stream, cancellationToken))
        {
            DeadLetter? letter = LetterJson.TryRead(line.Text.Span);
            if (letter is null)
            {
                others++;
            }
            else if (!_scope.Has(letter))
            {
                foreign++;
            }
            else
            {
                index.Add(letter);
                (DateTimeOffset, int) age = index.AgeOf(letter);
                newest = newest is null || age.CompareTo(newest.Value) > 0 ? age : newest;
            }
        }

        _total = _total with { Foreign = _total.Foreign + foreign };
        return newest ?? (foreign == 0 && others > 0 ? default((DateTimeOffset, int)) : null);
    }

    // The file that is left, if it has letters of which nothing is known yet.
    private async Task<LeftFile?> ReplayFileAsync(string file, LetterIndex index)
    {
        using FileStream? claim = LetterFile.Claim(file, out bool isDenied);
        if (claim is null)
        {
            _denied += isDenied ? 1 : 0;
            return null;
        }

        LetterFileContent content = LetterFileContent.Read(claim, _scope, index, cancellationToken);
        var kept = new List<DeadLetter>();
        HashSet<OwnLetter> tried = await ReplayNewestAsync(content.Own, index, kept).ConfigureAwait(false);
        var staying = new List<LetterLine>(content.Foreign);
        int own = kept.Count;
        bool hasUndecided = false;
        foreach (OwnLetter letter in content.Own.Where(letter => !tried.Contains(letter)))
        {
            if (letter.Page?.Fate == LetterFate.Stored)
            {
                Count(LetterFate.Stored);
            }
            else
            {
                hasUndecided |= letter.Page?.Fate is null;
                own++;
                staying.Add(letter.Line);
            }
        }

        string left = await LeaveAsync(claim, content, staying, kept).ConfigureAwait(false);
        if (!hasUndecided)
        {
            CountKept(own);
        }

        Report();
        if (hasUndecided || kept.Count > 0)
        {
            ThrowIfOver();
        }

        return hasUndecided ? new LeftFile(left, own) : null;
    }

    // The newest letter of each page, day by day, and the next older one while none is stored; a letter of no page in any case. Gives those
    // that were tried.
    private async Task<HashSet<OwnLetter>> ReplayNewestAsync(List<OwnLetter> letters, LetterIndex index, List<DeadLetter> kept)
    {
        var tried = new HashSet<OwnLetter>(ReferenceEqualityComparer.Instance);
        List<OwnLetter> left = letters;

        // Ends: every round tries a letter that was not tried before, or is the last.
        while (true)
        {
            var pages = new HashSet<LetterPage>();
            List<OwnLetter> turn = left.FindAll(own => own.Page is not { } page || (page.IsTurnOf(index.AgeOf(own.Letter)) && pages.Add(page)));
            if (turn.Count == 0)
            {
                return tried;
            }

            foreach (IGrouping<DateOnly, OwnLetter> day in turn.GroupBy(own => own.Letter.Date))
            {
                // What is not tried any more stays in the file, which is left in order first.
                if (cancellationToken.IsCancellationRequested)
                {
                    return tried;
                }

                await ReplayDayAsync(day.Key, [.. day], index, kept).ConfigureAwait(false);
                tried.UnionWith(day);
            }

            left = left.FindAll(own => !tried.Contains(own));
        }
    }

    private async Task ReplayDayAsync(DateOnly date, OwnLetter[] batch, LetterIndex index, List<DeadLetter> kept)
    {
        ReplayedLetter[] replayed = [.. batch.Select(own => new ReplayedLetter(own.Letter, own.Page?.MayReplace ?? new Replaceable()))];
        ReplayedDay result = await target.ReplayAsync(date, replayed, cancellationToken).ConfigureAwait(false);
        kept.AddRange(result.Kept);
        for (int position = 0; position < batch.Length; position++)
        {
            LetterFate fate = result.Fates[position];
            OwnLetter own = batch[position];
            own.Page?.Decide(own.Letter, index.AgeOf(own.Letter), fate);
            if (fate != LetterFate.Kept)
            {
                // Where another letter's content is there already, this one gives way to it.
                Count(fate == LetterFate.Superseded && own.Page?.IsUnchanged == true ? LetterFate.Stored : fate);
            }
        }
    }

    // What is left is safe in a new file before the old one goes; a process killed in between only replays some letters twice.
    private async Task<string> LeaveAsync(FileStream claim, LetterFileContent content, List<LetterLine> staying, List<DeadLetter> kept)
    {
        if (staying.Count == content.Lines)
        {
            return claim.Name;
        }

        string left = claim.Name;
        string? apart = content.Unreadable.Count > 0 ? await LetterDirectory.KeepApartAsync(claim, content.Unreadable).ConfigureAwait(false) : null;
        try
        {
            if (staying.Count + kept.Count > 0)
            {
                left = await LetterDirectory.RewriteAsync(claim, staying, kept).ConfigureAwait(false);
            }
        }
        catch when (apart is not null)
        {
            // The lines are still in the file: the next replay keeps them apart.
            LetterFile.TryDelete(apart);
            throw;
        }

        if (apart is not null)
        {
            letters.TellUnreadable(content.Unreadable.Count);
            _total = _total with { Unreadable = _total.Unreadable + content.Unreadable.Count };
        }

        LetterFile.Finish(claim);
        return left;
    }

    private void ThrowIfOver()
    {
        cancellationToken.ThrowIfCancellationRequested();
        target.ThrowIfDisposed();
    }

    private void Count(LetterFate fate)
    {
        _total = _total with
        {
            Letters = _total.Letters + 1,
            Stored = _total.Stored + (fate is LetterFate.Stored or LetterFate.Unchanged ? 1 : 0),
            Superseded = _total.Superseded + (fate == LetterFate.Superseded ? 1 : 0),
            Rejected = _total.Rejected + (fate == LetterFate.Rejected ? 1 : 0),
        };
    }

    // Only when their file is not gone through again.
    private void CountKept(int letters) => _total = _total with { Letters = _total.Letters + letters, Kept = _total.Kept + letters };

    private void Tell(int notFiles)
    {
        _total = _total with { SkippedFiles = _denied + notFiles };
        if (_denied > 0)
        {
            log.LettersDenied(_denied);
        }

        if (notFiles > 0)
        {
            log.LettersNotFiles(notFiles);
        }

        log.LettersReplayed(_total);
    }

    private void Report()
    {
        try
        {
            progress?.Report(_total);
        }
        catch (Exception)
        {
            // The caller's own display is no reason to leave letters unstored.
        }
    }

    // A file with letters that stay in it for now.
    private sealed record LeftFile(string File, int Letters);
}
