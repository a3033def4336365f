using DigestStore.Calls;
using DigestStore.Storing;
using DigestStore.Telemetry;

namespace DigestStore.DeadLetters;

// Replays the letters of one table and digest, batch by batch.
internal sealed class ReplayRun(IReplayTarget target, IDeadLetterSource source, StoreLog log, IProgress<DeadLetterReplayResult>? progress, CancellationToken cancellationToken)
{
    private readonly ReplayScope _scope = target.ReplayScope();
    private readonly List<DeadLetterBatch> _batches = [];
    private readonly ReplayTally _tally = new(log, progress);

    public async Task<DeadLetterReplayResult> RunAsync()
    {
        try
        {
            await foreach (DeadLetterBatch batch in source.GetBatchesAsync(_scope.Table, cancellationToken).ConfigureAwait(false))
            {
                _batches.Add(batch);
            }

            try
            {
                await ReplayAllAsync(new LetterIndex(_scope)).ConfigureAwait(false);
            }
            finally
            {
                _tally.Complete(_batches);
            }

            return _tally.Total;
        }
        finally
        {
            await ReleaseAsync().ConfigureAwait(false);
        }
    }

    private async Task ReplayAllAsync(LetterIndex index)
    {
        List<UndecidedBatch> undecided = await ReplayPassAsync(await IndexAsync(index).ConfigureAwait(false), index).ConfigureAwait(false);

        // A letter may have to wait for a newer letter of its page in a later batch, so its batch is replayed again. This is rare. The loop
        // ends, because every pass takes a letter out of its batch or is the last.
        bool isOver = false;
        while (undecided.Count > 0 && !isOver)
        {
            int done = _tally.Done;
            undecided = await ReplayPassAsync(undecided.Select(left => left.Batch), index).ConfigureAwait(false);
            isOver = _tally.Done == done;
        }

        if (undecided.Count > 0)
        {
            _tally.CountKept(undecided.Sum(left => left.Letters));
            _tally.Report();
        }
    }

    private async Task<List<UndecidedBatch>> ReplayPassAsync(IEnumerable<DeadLetterBatch> batches, LetterIndex index)
    {
        var undecided = new List<UndecidedBatch>();
        foreach (DeadLetterBatch batch in batches)
        {
            if (await ReplayBatchAsync(batch, index).ConfigureAwait(false) is { } left)
            {
                undecided.Add(left);
            }
        }

        return undecided;
    }

    // Reads every batch without claiming it, so that a replay of another digest can still claim its own letters. Returns the batches to
    // replay, the one with the newest letter first. A batch that has only letters of other tables and digests is left out.
    private async Task<IEnumerable<DeadLetterBatch>> IndexAsync(LetterIndex index)
    {
        var own = new List<(DeadLetterBatch Batch, (DateTimeOffset, int) Newest)>();
        foreach (DeadLetterBatch batch in _batches.Where(static batch => batch.State == DeadLetterBatchState.Ready))
        {
            if (await IndexAsync(batch, index).ConfigureAwait(false) is { } newest)
            {
                own.Add((batch, newest));
            }
        }

        return own.OrderByDescending(batch => batch.Newest).Select(batch => batch.Batch);
    }

    private async Task<(DateTimeOffset, int)?> IndexAsync(DeadLetterBatch batch, LetterIndex index)
    {
        int foreign = 0;
        (DateTimeOffset, int)? newest = null;
        await foreach (DeadLetter letter in batch.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_scope.Has(letter))
            {
                foreign++;
                continue;
            }

            index.Add(letter);
            (DateTimeOffset, int) age = index.AgeOf(letter);
            newest = newest is null || age.CompareTo(newest.Value) > 0 ? age : newest;
        }

        _tally.CountForeign(foreign);
        return newest ?? (foreign == 0 && batch.Unreadable > 0 ? default((DateTimeOffset, int)) : null);
    }

    // Returns the batch if it still has letters whose fate is not decided.
    private async Task<UndecidedBatch?> ReplayBatchAsync(DeadLetterBatch batch, LetterIndex index)
    {
        if (!await batch.TryClaimAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var letters = new List<OwnLetter>();
        int count = 0;
        await foreach (DeadLetter letter in batch.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_scope.Has(letter))
            {
                letters.Add(new OwnLetter(letter, count, index.Add(letter)));
            }

            count++;
        }

        // The default value of an entry keeps its letter as it is, so letters of other tables and digests need nothing more.
        var settled = new SettledDeadLetter[count];
        HashSet<OwnLetter> tried = await ReplayNewestAsync(letters, index, settled).ConfigureAwait(false);
        bool hasUndecided = false;
        foreach (OwnLetter letter in letters.Where(letter => !tried.Contains(letter)))
        {
            if (letter.Page?.Fate == LetterFate.Stored)
            {
                settled[letter.BatchIndex] = new SettledDeadLetter { Fate = DeadLetterFate.Stored };
                _tally.Count(DeadLetterFate.Stored);
            }
            else
            {
                hasUndecided |= letter.Page?.Fate is null;
            }
        }

        int unreadable = batch.Unreadable;
        await batch.SettleAsync(settled).ConfigureAwait(false);
        _tally.CountUnreadable(unreadable);
        int kept = letters.Count(letter => settled[letter.BatchIndex].Fate == DeadLetterFate.Kept);
        if (!hasUndecided)
        {
            _tally.CountKept(kept);
        }

        _tally.Report();
        if (hasUndecided || tried.Any(letter => settled[letter.BatchIndex].Fate == DeadLetterFate.Kept))
        {
            ThrowIfEnded();
        }

        return hasUndecided ? new UndecidedBatch(batch, kept) : null;
    }

    // Replays the newest letter of each page, date by date, and then the next older one of every page whose fate is not decided. Letters
    // that belong to no page are always tried. Returns the letters that were tried.
    private async Task<HashSet<OwnLetter>> ReplayNewestAsync(List<OwnLetter> letters, LetterIndex index, SettledDeadLetter[] settled)
    {
        var tried = new HashSet<OwnLetter>(ReferenceEqualityComparer.Instance);
        List<OwnLetter> untried = letters;

        // The loop ends, because every round tries a letter that was not tried before, or is the last.
        while (true)
        {
            var pages = new HashSet<LetterPage>();
            List<OwnLetter> newest = untried.FindAll(own => own.Page is not { } page || (page.IsNext(index.AgeOf(own.Letter)) && pages.Add(page)));
            if (newest.Count == 0)
            {
                return tried;
            }

            foreach (IGrouping<DateOnly, OwnLetter> day in newest.GroupBy(own => own.Letter.Date))
            {
                // Cancellation does not throw here, because the fates of the letters that were tried must be settled first. The others stay
                // in the batch.
                if (cancellationToken.IsCancellationRequested)
                {
                    return tried;
                }

                await ReplayDayAsync(day.Key, [.. day], index, settled).ConfigureAwait(false);
                tried.UnionWith(day);
            }

            untried = untried.FindAll(own => !tried.Contains(own));
        }
    }

    private async Task ReplayDayAsync(DateOnly date, OwnLetter[] letters, LetterIndex index, SettledDeadLetter[] settled)
    {
        foreach (OwnLetter own in letters.Where(static own => own.Letter.Delivery is not null))
        {
            Settle(own, await target.ReplayDeliveryAsync(own.Letter, cancellationToken).ConfigureAwait(false), settled);
        }

        letters = [.. letters.Where(static own => own.Letter.Delivery is null)];
        if (letters.Length == 0)
        {
            return;
        }

        ReplayedLetter[] replayed = [.. letters.Select(own => new ReplayedLetter(own.Letter, own.Page?.MayReplace ?? new ReplaceableRecords()))];
        IReadOnlyList<ReplayedFate> fates = await target.ReplayAsync(date, replayed, cancellationToken).ConfigureAwait(false);
        foreach ((OwnLetter own, ReplayedFate replay) in letters.Zip(fates))
        {
            own.Page?.Decide(own.Letter, index.AgeOf(own.Letter), replay.Fate);

            // If the table already had the content of another letter of the page, this letter gives way to that one and counts as stored.
            DeadLetterFate fate = replay.Fate == LetterFate.Superseded && own.Page?.IsUnchanged == true ? DeadLetterFate.Stored : ToPublicFate(replay.Fate);
            Settle(own, new SettledDeadLetter { Fate = fate, Replacement = replay.Replacement }, settled);
        }
    }

    private void Settle(OwnLetter own, SettledDeadLetter end, SettledDeadLetter[] settled)
    {
        settled[own.BatchIndex] = end;
        if (end.Fate != DeadLetterFate.Kept)
        {
            _tally.Count(end.Fate);
        }
    }

    private static DeadLetterFate ToPublicFate(LetterFate fate) => fate switch
    {
        LetterFate.Stored or LetterFate.Unchanged => DeadLetterFate.Stored,
        LetterFate.Superseded => DeadLetterFate.Superseded,
        LetterFate.Rejected => DeadLetterFate.Rejected,
        LetterFate.Kept => DeadLetterFate.Kept,
    };

    private void ThrowIfEnded()
    {
        cancellationToken.ThrowIfCancellationRequested();
        target.ThrowIfDisposed();
    }

    // A batch that fails to be released must neither prevent the release of the others nor hide the result of the replay.
    private async Task ReleaseAsync()
    {
        foreach (DeadLetterBatch batch in _batches)
        {
            try
            {
                await batch.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (!Fatal.Is(exception))
            {
            }
        }
    }

    // A batch with letters whose fate is not decided, and how many of its letters stay in it for now.
    private sealed record UndecidedBatch(DeadLetterBatch Batch, int Letters);
}
