using DigestStore.DynamoDb;
using DigestStore.Table;

namespace DigestStore.Sqlite;

// Keeps the tables of a store in a file. The file is opened by the first request, inside of an attempt, and an error is a fault of that.
internal sealed class SqliteTableSource(string path, TimeProvider? time = null) : ITableSource
{
    private readonly Lock _lock = new();
    private SqliteFile? _file;
    private bool _isDisposed;

    public IDigestTable Open(DigestStoreOptions options)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _file ??= SqliteFile.Acquire(path, time ?? TimeProvider.System);
            return new SqliteTable(_file, options.AttemptTimeout);
        }
    }

    public object PlaceOf(DigestStoreOptions options) => FileLocation.Canonical(path);

    // Closes the file if no other store of this process uses it.
    public void Dispose()
    {
        SqliteFile? file;
        lock (_lock)
        {
            _isDisposed = true;
            (file, _file) = (_file, null);
        }

        file?.Release();
    }
}
