using DigestStore.DeadLetters;
using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore;

/// <summary>Stores dead letters again. A letter is stored if the table has no record for its web page, or still has the record that <see cref="DeadLetter.Known"/> names.</summary>
/// <remarks>
/// <para>A container has one for each store; that of a named store is keyed by the name. It stores into the library's own repository, also when a
/// decorator is registered as <see cref="IDigestRepository"/>. It takes its letters from the store's <see cref="IDeadLetterSource"/>. If none is
/// registered, it uses the store's <see cref="IDeadLetterSink"/>, which must then implement <see cref="IDeadLetterSource"/> too. A named store that has
/// neither uses those of the unnamed store.</para>
/// <para>Safe to run at any time, twice, by two processes, and against a table that is still down: a letter leaves its source only after it
/// is stored, superseded by other content, or rejected. One that fails again is kept, with its count of attempts. The record is compared
/// and then written, so a store call that writes the same page in between may be overwritten, as with any two store calls at the same time.</para>
/// </remarks>
public sealed class DeadLetterReplay
{
    private readonly Func<IReplayTarget> _target;
    private readonly IDeadLetterSource _letters;
    private readonly StoreLog _log;

    /// <summary>Makes a replay without a container.</summary>
    /// <param name="repository">Where to store: the library's own repository, or the in-memory one.</param>
    /// <param name="letters">Where the letters are: a <see cref="FileDeadLetterSink"/>, or a source of your own.</param>
    /// <param name="loggerFactory">Where to log; <see langword="null"/> for nowhere.</param>
    /// <exception cref="ArgumentNullException"><paramref name="repository"/> or <paramref name="letters"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="repository"/> is of another kind, such as a decorator.</exception>
    public DeadLetterReplay(IDigestRepository repository, IDeadLetterSource letters, ILoggerFactory? loggerFactory = null)
        : this(TargetOf(repository), letters, loggerFactory)
    {
    }

    // The target is resolved at the start of each run and not in the constructor, because a decorator of the container's store may depend on
    // this replay.
    internal DeadLetterReplay(Func<IReplayTarget> target, IDeadLetterSource letters, ILoggerFactory? loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(letters);
        _target = target;
        _letters = letters;
        _log = new StoreLog((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category));
    }

    /// <summary>Replays every letter of the repository's table and digest.</summary>
    /// <remarks>
    /// Of several letters of one page, in whatever batches they are, the newest that may replace the record is stored. The older ones then count as
    /// stored, too. Letters that may not replace the record are superseded. Letters of another table or digest are left where they are, and a batch
    /// that has no others is not claimed. A batch that another replay works on is left to it. A file that belongs to another user, and an entry that
    /// is empty or no file, are left alone and counted in <see cref="DeadLetterReplayResult.SkippedBatches"/> and in the events 127 and 128. If a
    /// source of your own throws, the replay throws the same exception, and the letters of the batch stay.
    /// </remarks>
    /// <param name="progress">Receives the counts after every batch with letters of this table and digest; an exception that it throws is ignored.</param>
    /// <param name="cancellationToken">Ends the replay, also while it reads; letters that are not stored stay.</param>
    /// <returns>What became of the letters.</returns>
    /// <exception cref="DigestStoreException">The store is switched off, or its options are invalid.</exception>
    /// <exception cref="IOException">A file could not be read, or its remaining letters could not be written; its letters stay.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not change the directory; the letters stay.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    /// <exception cref="ObjectDisposedException">The repository is disposed; the letters that are not stored stay.</exception>
    public Task<DeadLetterReplayResult> RunAsync(IProgress<DeadLetterReplayResult>? progress = null, CancellationToken cancellationToken = default) =>

        // Files are read synchronously, and many of them would block the calling thread for long.
        Task.Run(() => new ReplayRun(_target(), _letters, _log, progress, cancellationToken).RunAsync(), cancellationToken);

    private static Func<IReplayTarget> TargetOf(IDigestRepository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        IReplayTarget target = repository as IReplayTarget ?? throw new ArgumentException(
            $"A {repository.GetType().Name} cannot replay dead letters. Hand in the DigestRepository or InMemoryDigestRepository itself, without a decorator, or take the {nameof(DeadLetterReplay)} of the container.", nameof(repository));
        return () => target;
    }
}
