using DigestStore.DeadLetters;
using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore;

/// <summary>Stores dead letters again, where the table has nothing for their page or something older.</summary>
/// <remarks>
/// Safe to run at any time, twice, by two processes, and against a table that is still down: a letter leaves its file only after it
/// is stored, superseded by newer content, or rejected. One that fails again is kept, with its count of attempts.
/// </remarks>
public sealed class DeadLetterReplay
{
    private readonly IReplayTarget _target;
    private readonly FileDeadLetterSink _letters;
    private readonly StoreLog _log;

    /// <summary>Makes a replay.</summary>
    /// <param name="repository">Where to store: the library's own repository, or the in-memory one.</param>
    /// <param name="letters">Where the letters are.</param>
    /// <param name="loggerFactory">Where to log; <see langword="null"/> for nowhere.</param>
    /// <exception cref="ArgumentNullException"><paramref name="repository"/> or <paramref name="letters"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="repository"/> is of another kind.</exception>
    public DeadLetterReplay(IDigestRepository repository, FileDeadLetterSink letters, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(letters);
        _target = repository as IReplayTarget ?? throw new ArgumentException(
            $"A {repository.GetType().Name} cannot replay dead letters. Hand in the DigestRepository or InMemoryDigestRepository itself, without a decorator.", nameof(repository));
        _letters = letters;
        _log = new StoreLog((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category));
    }

    /// <summary>Replays every letter of the repository's table and digest, oldest file first.</summary>
    /// <remarks>A file that another process works on, or that belongs to another user, is left as it is; event 127 counts the latter.</remarks>
    /// <param name="progress">Told after every file; what it throws is caught.</param>
    /// <param name="cancellationToken">Ends the replay; letters that are not stored stay.</param>
    /// <returns>What became of the letters.</returns>
    /// <exception cref="DigestStoreException">The store is switched off, or its options are invalid.</exception>
    /// <exception cref="IOException">A file could not be read, or what is left of it not be written; its letters stay.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory is not this process's to change; the letters stay.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<DeadLetterReplayResult> RunAsync(IProgress<DeadLetterReplayResult>? progress = null, CancellationToken cancellationToken = default)
    {
        (string table, string digest) = _target.ReplayScope();
        LetterDirectory directory = _letters.DirectoryOf(table);
        _letters.RemoveOld(directory);
        var total = new DeadLetterReplayResult();
        int denied = 0;
        foreach (string file in directory.Files())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (LetterFile.Claim(file, out bool isDenied) is not { } claim)
            {
                denied += isDenied ? 1 : 0;
                continue;
            }

            using (claim)
            {
                total = await ReplayAsync(claim, digest, total, cancellationToken).ConfigureAwait(false);
            }

            Report(progress, total);
        }

        if (denied > 0)
        {
            _log.LettersDenied(denied);
        }

        _log.LettersReplayed(total);
        return total;
    }

    private async Task<DeadLetterReplayResult> ReplayAsync(FileStream claim, string digest, DeadLetterReplayResult total, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        var unreadable = new List<string>();
        foreach (string line in LetterFile.ReadLines(claim))
        {
            if (LetterJson.TryRead(line) is { } letter)
            {
                letters.Add(letter);
            }
            else
            {
                unreadable.Add(line);
            }
        }

        List<DeadLetter> others = letters.FindAll(letter => !string.Equals(letter.Digest, digest, StringComparison.Ordinal));
        var kept = new List<DeadLetter>(others);
        foreach (IGrouping<DateOnly, DeadLetter> day in letters.FindAll(letter => string.Equals(letter.Digest, digest, StringComparison.Ordinal)).GroupBy(letter => letter.Date))
        {
            ReplayedDay replayed = await _target.ReplayAsync(day.Key, [.. day.OrderBy(letter => letter.StoreStartedAt)], cancellationToken).ConfigureAwait(false);
            kept.AddRange(replayed.Kept);
            total = total with
            {
                Letters = total.Letters + day.Count(),
                Stored = total.Stored + day.Count() - replayed.Superseded - replayed.Rejected - replayed.Kept.Count,
                Superseded = total.Superseded + replayed.Superseded,
                Rejected = total.Rejected + replayed.Rejected,
                Kept = total.Kept + replayed.Kept.Count,
            };
        }

        if (unreadable.Count > 0)
        {
            await LetterDirectory.KeepApartAsync(claim, unreadable).ConfigureAwait(false);
            _letters.TellUnreadable(unreadable.Count);
            total = total with { Unreadable = total.Unreadable + unreadable.Count };
        }

        // What is left is safe in a new file before the old one goes; a process killed in between only replays some letters twice.
        if (kept.Count > 0 && kept.Count == letters.Count && unreadable.Count == 0 && kept.TrueForAll(letter => letters.Contains(letter)))
        {
            return total;
        }

        if (kept.Count > 0)
        {
            await LetterDirectory.RewriteAsync(claim, kept).ConfigureAwait(false);
        }

        LetterFile.Finish(claim);
        return total;
    }

    private static void Report(IProgress<DeadLetterReplayResult>? progress, DeadLetterReplayResult total)
    {
        try
        {
            progress?.Report(total);
        }
        catch (Exception)
        {
            // The caller's own display is no reason to leave letters unstored.
        }
    }
}
