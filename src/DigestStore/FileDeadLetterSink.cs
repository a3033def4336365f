using DigestStore.Calls;
using DigestStore.DeadLetters;
using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore;

/// <summary>Keeps dead letters as JSON Lines in files, and hands them out to a <see cref="DeadLetterReplay"/>.</summary>
/// <remarks>
/// Every write makes a new file. It is written and flushed to the disk under a temporary name and then renamed, so a killed process leaves
/// a whole file or none. Several processes may share the directory. Files are readable by their owner only, because links can contain secrets.
/// </remarks>
public sealed class FileDeadLetterSink : IDeadLetterSink, IDeadLetterSource
{
    private readonly FileDeadLetterOptions _options;
    private readonly TimeProvider _time;
    private readonly StoreLog _log;
    private int _isVolatileLogged;
    private int _isDeniedLogged;

    /// <summary>Makes a sink; nothing is created before the first letter.</summary>
    /// <param name="options">The directory and the limits; they are copied.</param>
    /// <param name="loggerFactory">Where to log; <see langword="null"/> for nowhere.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The directory is blank, or a limit is not positive.</exception>
    public FileDeadLetterSink(FileDeadLetterOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Problem(options) is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        _options = options with { };
        _time = timeProvider ?? TimeProvider.System;
        _log = new StoreLog((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The letters could not be written, or would exceed <see cref="FileDeadLetterOptions.MaxBytes"/>.</exception>
    public async Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(letters);
        WarnIfVolatile();
        foreach (IGrouping<string, DeadLetter> byTable in letters.GroupBy(letter => letter.Table, StringComparer.Ordinal))
        {
            LetterDirectory directory = DirectoryOf(byTable.Key);
            RemoveOld(directory, cancellationToken);
            await directory.WriteAsync([.. byTable], _options.MaxBytes, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A batch is a file. A file that this process may not open is <see cref="DeadLetterBatchState.Denied"/>. An entry that is named like a letter file, but is empty or no file, is <see cref="DeadLetterBatchState.NoLetters"/>.</remarks>
    /// <exception cref="IOException">The directory could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read the directory.</exception>
    public IAsyncEnumerable<DeadLetterBatch> GetBatchesAsync(string table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Batches(table, cancellationToken).ToAsyncEnumerable();
    }

    // Returns null if the options are valid.
    internal static string? Problem(FileDeadLetterOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Directory))
        {
            return "FileDeadLetterOptions.Directory is blank. Name a directory that outlives the process.";
        }

        return options.MaxBytes <= 0 || options.MaxAge <= TimeSpan.Zero
            ? $"FileDeadLetterOptions.MaxBytes is '{options.MaxBytes}' and MaxAge '{options.MaxAge}', but both must be positive. Leave them out for 100 MB and 30 days."
            : null;
    }

    // A failure is logged and not thrown, because a host without dead letters is better than a host that does not start.
    internal async Task VerifyWritableAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(new LetterDirectory(_options.Directory).VerifyWritable, CancellationToken.None).WaitAsync(limit, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host has cancelled its start, which says nothing about the directory.
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            _log.LettersNotWritable(_options.Directory, exception);
        }
    }

    private LetterDirectory DirectoryOf(string table) => new(Path.Combine(_options.Directory, LetterDirectory.DirectoryNameOf(table)));

    internal void RemoveOld(LetterDirectory directory, CancellationToken cancellationToken)
    {
        (int removed, int denied) = directory.RemoveOlderThan(_time.GetUtcNow() - _options.MaxAge, cancellationToken);
        if (removed > 0)
        {
            _log.LettersTooOld(removed, _options.MaxAge);
        }

        // The same files are found at every write, so they are logged only once.
        if (denied > 0 && Interlocked.Exchange(ref _isDeniedLogged, 1) == 0)
        {
            _log.LettersDenied(denied);
        }
    }

    private IEnumerable<DeadLetterBatch> Batches(string table, CancellationToken cancellationToken)
    {
        LetterDirectory directory = DirectoryOf(table);
        RemoveOld(directory, cancellationToken);
        IReadOnlyList<string> files = directory.Files(out IReadOnlyList<string> notFiles);
        return files.Select(file => Batch(file, DeadLetterBatchState.Ready)).Concat(notFiles.Select(other => Batch(other, DeadLetterBatchState.NoLetters)));
    }

    private LetterFileBatch Batch(string file, DeadLetterBatchState state) => new(file, state, _log.LettersUnreadable);

    private void WarnIfVolatile()
    {
        bool isLambda = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME"));
        bool isTemporary = Path.GetFullPath(_options.Directory).StartsWith(Path.GetFullPath(Path.GetTempPath()), StringComparison.Ordinal);
        if (isLambda && isTemporary && Interlocked.Exchange(ref _isVolatileLogged, 1) == 0)
        {
            _log.LettersVolatile();
        }
    }
}
