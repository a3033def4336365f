using DigestStore.DynamoDb;
using DigestStore.Table;
using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.Sqlite;

// Keeps the tables of a store in a file. The file is looked for and opened by the first request, inside of an attempt, because a disk may take
// its time. What goes wrong is a fault of that request.
internal sealed class SqliteTableSource(string path, TimeProvider? time = null, ILoggerFactory? loggerFactory = null) : ITableSource
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly StoreLog _log = new((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category));
    private volatile SqliteFile? _file;
    private volatile bool _isDisposed;

    public IDigestTable Open(DigestStoreOptions options)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new SqliteTable(Acquire, options.AttemptTimeout);
    }

    // Links are not followed here, since that asks the disk.
    public object PlaceOf(DigestStoreOptions options) => path;

    public string OutageRemedy { get; } =
        $"The file '{path}' was not asked, because five reads of it in a row have failed or had no answer. Check the disk that it is on. It is asked again ten seconds after the last of them.";

    // Closes the file if no other store of this process uses it.
    public void Dispose()
    {
        SqliteFile? file;
        lock (_lock)
        {
            _isDisposed = true;
            (file, _file) = (_file, null);
        }

        file?.Release(_time);
    }

    private SqliteFile Acquire()
    {
        if (_file is { } acquired)
        {
            return acquired;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_file is null)
            {
                _file = SqliteFile.Acquire(path, _time);
                if (FilePlace.ProblemOf(_file.Path) is { } problem)
                {
                    _log.FileMisplaced(_file.Path, problem);
                }
            }

            return _file;
        }
    }
}
