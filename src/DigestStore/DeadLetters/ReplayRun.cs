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
        letters.RemoveOld(directory);
        var index = new LetterIndex(_scope);
        IReadOnlyList<string> files = directory.Files(out int notFiles);
        var undecided = new List<string>();
        foreach (string file in Index(files, index))
        {
            undecided.AddRange(await ReplayAsync(file, index, isLast: false).ConfigureAwait(false) is { } left ? [left] : []);
        }

        // Letters older than one whose file came later; mostly there are none.
        foreach (string file in undecided)
        {
            await ReplayAsync(file, index, isLast: true).ConfigureAwait(false);
        }

        Tell(notFiles);
        return _total;
    }

    // Reads every file without a lock, so that a replay of another digest is not kept from its own. Gives those to work on, the newest
    // letters first. A file that has only letters of others is none of them.
    private IEnumerable<string> Index(IReadOnlyList<string> files, LetterIndex index)
    {
        var own = new List<(string File, (DateTimeOffset, int) Newest)>();
        foreach (string file in files)
        {
            using FileStream? stream = LetterFile.Open(file, out bool isDenied);
            _denied += isDenied ? 1 : 0;
            if (stream is not null && Index(stream, index) is { } newest)
            {
                own.Add((file, newest));
            }
        }

        return own.OrderByDescending(file => file.Newest).Select(file => file.File);
    }

    private (DateTimeOffset, int)? Index(FileStream stream, LetterIndex index)
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
    private async Task<string?> ReplayAsync(string file, LetterIndex index, bool isLast)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using FileStream? claim = LetterFile.Claim(file, out bool isDenied);
        if (claim is null)
        {
            _denied += isDenied ? 1 : 0;
            return null;
        }

        LetterFileContent content = LetterFileContent.Read(claim, _scope, index, cancellationToken);
        var kept = new List<DeadLetter>();
        HashSet<OwnLetter> tried = await ReplayAsync(content.Own, index, kept).ConfigureAwait(false);
        var staying = new List<LetterLine>(content.Foreign);
        bool hasUndecided = false;
        foreach (OwnLetter own in content.Own.Where(own => !tried.Contains(own)))
        {
            LetterFate? fate = own.Page?.Fate;
            hasUndecided |= fate is null;
            fate ??= isLast ? LetterFate.Kept : null;
            Count(fate);
            if (fate is null or LetterFate.Kept)
            {
                staying.Add(own.Line);
            }
        }

        string left = await LeaveAsync(claim, content, staying, kept).ConfigureAwait(false);
        Report();
        if (hasUndecided || kept.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return hasUndecided && !isLast ? left : null;
    }

    // The newest letter of each page, day by day. Gives those that were tried.
    private async Task<HashSet<OwnLetter>> ReplayAsync(List<OwnLetter> letters, LetterIndex index, List<DeadLetter> kept)
    {
        var tried = new HashSet<OwnLetter>(ReferenceEqualityComparer.Instance);
        var pages = new HashSet<LetterPage>();
        bool IsToTry(OwnLetter own) =>
            own.Page is not { } page || (page.Fate is null && index.AgeOf(own.Letter) == page.Newest && pages.Add(page));
        foreach (IGrouping<DateOnly, OwnLetter> day in letters.Where(IsToTry).GroupBy(own => own.Letter.Date))
        {
            // What is not tried any more stays in the file, which is left in order first.
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            OwnLetter[] batch = [.. day];
            ReplayedLetter[] replayed = [.. batch.Select(own => new ReplayedLetter(own.Letter, own.Page?.MayReplace ?? new Replaceable()))];
            ReplayedDay result = await target.ReplayAsync(day.Key, replayed, cancellationToken).ConfigureAwait(false);
            kept.AddRange(result.Kept);
            for (int position = 0; position < batch.Length; position++)
            {
                LetterFate fate = result.Fates[position];
                Count(fate);
                if (batch[position].Page is { } page && fate != LetterFate.Rejected)
                {
                    page.Fate = fate;
                }
            }

            tried.UnionWith(batch);
        }

        return tried;
    }

    // What is left is safe in a new file before the old one goes; a process killed in between only replays some letters twice.
    private async Task<string> LeaveAsync(FileStream claim, LetterFileContent content, List<LetterLine> staying, List<DeadLetter> kept)
    {
        if (content.Unreadable.Count > 0)
        {
            await LetterDirectory.KeepApartAsync(claim, content.Unreadable).ConfigureAwait(false);
            letters.TellUnreadable(content.Unreadable.Count);
            _total = _total with { Unreadable = _total.Unreadable + content.Unreadable.Count };
        }

        string left = claim.Name;
        if (staying.Count == content.Lines)
        {
            return left;
        }

        if (staying.Count + kept.Count > 0)
        {
            left = await LetterDirectory.RewriteAsync(claim, staying, kept).ConfigureAwait(false);
        }

        LetterFile.Finish(claim);
        return left;
    }

    private void Count(LetterFate? fate)
    {
        _total = _total with
        {
            Letters = _total.Letters + (fate is null ? 0 : 1),
            Stored = _total.Stored + (fate == LetterFate.Stored ? 1 : 0),
            Superseded = _total.Superseded + (fate == LetterFate.Superseded ? 1 : 0),
            Rejected = _total.Rejected + (fate == LetterFate.Rejected ? 1 : 0),
            Kept = _total.Kept + (fate == LetterFate.Kept ? 1 : 0),
        };
    }

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
}
