using System.Collections.Concurrent;
using DigestStore.Calls;
using DigestStore.Table;
using SQLitePCL;

namespace DigestStore.Sqlite;

// A few connections that only read. A read sees what was committed before it began, and neither waits for the writer nor holds it up.
internal sealed class ReaderPool(SqliteFile file) : IDisposable
{
    private const int MaxReaders = 8;

    private readonly SemaphoreSlim _places = new(MaxReaders);
    private readonly ConcurrentStack<Database> _idle = new();
    private volatile bool _isDisposed;

    // Reads on the thread of the caller, who has one to spare. The token ends a read at its next row, or interrupts SQLite in its search for one.
    public async Task<T> ReadAsync<T>(Func<Database, CancellationToken, T> read, Func<TableFault, T> failed, TimeSpan patience, CancellationToken cancellationToken)
        where T : TableReply
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        Database? database = null;
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            database = TakeIdle() ?? file.Open(patience);
            database.BusyTimeout = patience;
            T reply;
            using (cancellationToken.UnsafeRegister(static state => ((Database)state!).Interrupt(), database))
            {
                reply = read(database, cancellationToken);
            }

            Return(database);
            return reply;
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            database?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return failed(exception switch
            {
                ObjectDisposedException => new TableFault(FaultKind.Disposed, nameof(ObjectDisposedException)) { NotSent = true },
                SqliteErrorException { Kind: raw.SQLITE_BUSY } => SqliteFaults.Busy(file.Path, patience),
                _ => SqliteFaults.Of(exception, file.Path),
            });
        }
        finally
        {
            _places.Release();
        }
    }

    // A read that is under way closes its connection when it ends.
    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryPop(out Database? database))
        {
            database.Dispose();
        }
    }

    private Database? TakeIdle()
    {
        while (_idle.TryPop(out Database? database))
        {
            if (file.IsCurrent(database))
            {
                return database;
            }

            database.Dispose();
        }

        return null;
    }

    private void Return(Database database)
    {
        _idle.Push(database);
        if (_isDisposed)
        {
            Dispose();
        }
    }
}
