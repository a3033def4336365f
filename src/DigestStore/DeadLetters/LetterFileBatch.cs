namespace DigestStore.DeadLetters;

// The letters of one file. Letters that are kept after a replay are written to a new file, which takes the place of this one.
internal sealed class LetterFileBatch(string path, DeadLetterBatchState state, Action<int> reportUnreadable) : DeadLetterBatch
{
    private readonly List<LetterLine> _letters = [];
    private readonly List<LetterLine> _unreadable = [];
    private DeadLetterBatchState _state = state;
    private FileStream? _claim;

    // The path becomes null when a replay has left no letters.
    private string? _path = path;

    public override DeadLetterBatchState State => _state;

    public override int Unreadable => _unreadable.Count;

    public override IAsyncEnumerable<DeadLetter> ReadAsync(CancellationToken cancellationToken = default) => Read(cancellationToken).ToAsyncEnumerable();

    public override Task<bool> TryClaimAsync(CancellationToken cancellationToken = default)
    {
        if (_path is null)
        {
            return Task.FromResult(false);
        }

        _claim ??= LetterFile.Claim(_path, out bool isDenied) is { } claim ? claim : NotOpened(isDenied);
        return Task.FromResult(_claim is not null);
    }

    public override async Task SettleAsync(IReadOnlyList<SettledDeadLetter> letters)
    {
        FileStream claim = _claim ?? throw new InvalidOperationException("The dead letters are not claimed. Claim and read the batch before it is settled.");
        if (letters.Count != _letters.Count)
        {
            throw new ArgumentException($"{letters.Count} dead letters are settled, but {_letters.Count} were read. Give one entry for each.", nameof(letters));
        }

        LetterLine[] unchanged = [.. _letters.Where((_, index) => letters[index] is { Fate: DeadLetterFate.Kept, Replacement: null })];
        if (unchanged.Length < _letters.Count + _unreadable.Count)
        {
            DeadLetter[] changed = [.. letters.Where(static letter => letter.Fate == DeadLetterFate.Kept).Select(static letter => letter.Replacement).OfType<DeadLetter>()];
            _path = await WriteRemainderAsync(claim, unchanged, changed).ConfigureAwait(false);
            LetterFile.DeleteClaimed(claim);
        }

        await ReleaseAsync().ConfigureAwait(false);
    }

    protected override async ValueTask ReleaseAsync()
    {
        if (_claim is { } claim)
        {
            _claim = null;
            await claim.DisposeAsync().ConfigureAwait(false);
        }
    }

    // A claimed file is read through its handle. Any other file is read without a lock, because a lock would prevent a replay of another
    // digest from claiming its own letters in the same file.
    private IEnumerable<DeadLetter> Read(CancellationToken cancellationToken)
    {
        _letters.Clear();
        _unreadable.Clear();
        if (_claim is { } claim)
        {
            claim.Position = 0;
            return Read(claim, cancellationToken);
        }

        return _path is null ? [] : ReadUnlocked(_path, cancellationToken);
    }

    private IEnumerable<DeadLetter> ReadUnlocked(string file, CancellationToken cancellationToken)
    {
        using FileStream? stream = LetterFile.Open(file, out bool isDenied) is { } open ? open : NotOpened(isDenied);
        if (stream is not null)
        {
            foreach (DeadLetter letter in Read(stream, cancellationToken))
            {
                yield return letter;
            }
        }
    }

    private IEnumerable<DeadLetter> Read(FileStream stream, CancellationToken cancellationToken)
    {
        foreach (LetterLine line in LetterLines.Read(stream, cancellationToken))
        {
            LetterLine place = line with { Text = default };
            if (LetterJson.TryRead(line.Text.Span) is { } letter)
            {
                _letters.Add(place);
                yield return letter;
            }
            else
            {
                _unreadable.Add(place);
            }
        }
    }

    // Writes what remains to new files before the old file is deleted. If the process is killed in between, some letters are replayed twice,
    // which does no harm.
    private async Task<string?> WriteRemainderAsync(FileStream claim, LetterLine[] unchanged, DeadLetter[] changed)
    {
        string? remainingFile = null;
        string? unreadableFile = _unreadable.Count > 0 ? await LetterDirectory.WriteUnreadableAsync(claim, _unreadable).ConfigureAwait(false) : null;
        try
        {
            if (unchanged.Length + changed.Length > 0)
            {
                remainingFile = await LetterDirectory.RewriteAsync(claim, unchanged, changed).ConfigureAwait(false);
            }
        }
        catch when (unreadableFile is not null)
        {
            // The old file still has these lines, so the next replay writes them again. This copy is deleted, or they would be kept twice.
            LetterFile.TryDelete(unreadableFile);
            throw;
        }

        if (unreadableFile is not null)
        {
            reportUnreadable(_unreadable.Count);
        }

        return remainingFile;
    }

    private FileStream? NotOpened(bool isDenied)
    {
        _state = isDenied ? DeadLetterBatchState.Denied : _state;
        return null;
    }
}
