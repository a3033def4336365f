using DigestStore.Calls;
using DigestStore.Table;
using SQLitePCL;

namespace DigestStore.Sqlite;

// The only writer of a file in this process, on a thread of its own. It puts all that waits into one transaction, because committing costs far
// more than writing: the disk has to confirm it.
internal sealed class FileWriter(SqliteFile file) : IDisposable
{
    // A transaction is committed at the latest when it has this many bytes, so that the first entry in it need not wait for ever.
    private const long MaxTransactionBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan DisposalTime = TimeSpan.FromSeconds(2);

    // How long the writer waits for a lock before it looks whether anybody still waits with it.
    private static readonly TimeSpan LockSlice = TimeSpan.FromMilliseconds(250);

    private readonly WriteQueue _queue = new();
    private readonly Lock _threadLock = new();
    private Thread? _thread;
    private Database? _database;

    public Task<T> SubmitAsync<T>(WriteEntry<T> entry, Attempt attempt)
        where T : TableReply
    {
        attempt.Enqueue();
        switch (_queue.TryAdd(entry))
        {
            case WriteQueue.Admission.Queued:
                Start();
                break;
            case WriteQueue.Admission.Full:
                entry.Fail(SqliteFaults.QueueFull(file.Path, WriteQueue.MaxBytes) with { NotSent = true });
                break;
            case WriteQueue.Admission.Closed:
                entry.Fail(new TableFault(FaultKind.Disposed, nameof(ObjectDisposedException)) { NotSent = true });
                break;
        }

        return entry.WaitAsync();
    }

    // Commits what was taken, and gives what was not a fault. It does not wait for longer than two seconds: the file is whole at any moment.
    public void Dispose()
    {
        Thread? thread;
        lock (_threadLock)
        {
            _queue.Close();
            thread = _thread;
        }

        thread?.Join(DisposalTime);
    }

    private void Start()
    {
        lock (_threadLock)
        {
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "DigestStore.Sqlite writer" };

                // Without the context of the first caller: the thread outlives the call, whose trace and locals are none of its own.
                _thread.UnsafeStart();
            }
        }
    }

    private void Run()
    {
        bool isTidy = true;
        while (!_queue.IsClosed)
        {
            if (_queue.Wait(isTidy ? null : Housekeeping.IdleTime))
            {
                WriteGroup();
                isTidy = false;
            }
            else if (!_queue.IsClosed)
            {
                isTidy = TidyUp(raw.SQLITE_CHECKPOINT_PASSIVE);
            }
        }

        FailAll(new TableFault(FaultKind.Disposed, nameof(ObjectDisposedException)));
        TidyUp(raw.SQLITE_CHECKPOINT_TRUNCATE);
        Close();
    }

    private void WriteGroup()
    {
        try
        {
            _database ??= file.Open(LockSlice);
            if (!TryBegin(_database))
            {
                return;
            }
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // Whatever waits would meet the same.
            Close();
            FailAll(SqliteFaults.Of(exception, file.Path));
            return;
        }

        var taken = new List<WriteEntry>();
        bool isCommitting = false;
        try
        {
            ApplyAll(_database, taken);
            isCommitting = true;
            _database.Prepare("COMMIT").Run();
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // Before COMMIT nothing is in the file. An error in COMMIT does not say whether everything is.
            Close();
            TableFault fault = SqliteFaults.Of(exception, file.Path) with { IsUndone = !isCommitting };
            taken.ForEach(entry => entry.Fail(fault));
            return;
        }

        taken.ForEach(static entry => entry.Answer());
    }

    // Waits for the lock in slices. Nothing is taken from the queue meanwhile, so that a caller can still withdraw what it wrote. False if
    // nobody waits any more.
    private bool TryBegin(Database database)
    {
        while (!_queue.IsClosed)
        {
            List<WriteEntry> impatient = _queue.TakeImpatient(out TimeSpan? patience);
            impatient.ForEach(entry => entry.Fail(SqliteFaults.Busy(file.Path, entry.Patience) with { NotSent = true }));
            if (patience is null)
            {
                return false;
            }

            try
            {
                database.BusyTimeout = patience < LockSlice ? patience.Value : LockSlice;
                database.Prepare("BEGIN IMMEDIATE").Run();
                return true;
            }
            catch (SqliteErrorException error) when (error.Kind == raw.SQLITE_BUSY)
            {
                // Another process writes.
            }
        }

        return false;
    }

    // What arrives meanwhile joins the transaction. Nobody is made to wait for more to arrive.
    private void ApplyAll(Database database, List<WriteEntry> taken)
    {
        var records = new RecordWriter(database);
        long bytes = 0;
        while (bytes < MaxTransactionBytes && _queue.Take() is { } entry)
        {
            taken.Add(entry);
            bytes += entry.Bytes;
            database.Prepare("SAVEPOINT entry").Run();
            try
            {
                entry.Apply(records);
            }
            catch (Exception exception) when (exception is not SqliteErrorException && !Fatal.Is(exception))
            {
                // Only this entry is at fault.
                database.Prepare("ROLLBACK TO entry").Run();
                entry.Reject(SqliteFaults.Of(exception, file.Path) with { IsUndone = true });
            }

            database.Prepare("RELEASE entry").Run();
        }
    }

    // True if there is nothing more to do. Nobody waits for it, so a fault is left to the next request to meet.
    private bool TidyUp(int checkpoint)
    {
        try
        {
            return _database is null || Housekeeping.Run(_database, file.Time.GetUtcNow(), checkpoint);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            Close();
            return true;
        }
    }

    private void FailAll(TableFault fault)
    {
        while (_queue.Take() is { } entry)
        {
            entry.Fail(fault with { NotSent = true });
        }
    }

    // SQLite rolls back what was not committed.
    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }
}
