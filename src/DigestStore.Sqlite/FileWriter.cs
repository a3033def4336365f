using DigestStore.Table;
using SQLitePCL;

namespace DigestStore.Sqlite;

// The only writer of a file in this process, on a thread of its own. It puts all that waits into one transaction, because committing costs far
// more than writing: the disk has to confirm it. No exception leaves the thread, since that would end the process.
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

    public Task<T> SubmitAsync<T>(WriteEntry<T> entry)
        where T : TableReply
    {
        entry.Enqueue();

        // An attempt that was given up before it came here is not written: its caller may have stored something newer since.
        if (entry.Verdict.IsCompleted)
        {
            return entry.Verdict;
        }

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

        return entry.Verdict;
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
                // Without the context of the first caller: the thread outlives the call, whose trace and locals are none of its own.
                var thread = new Thread(Run) { IsBackground = true, Name = "DigestStore.Sqlite writer" };
                thread.UnsafeStart();
                _thread = thread;
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
        Database? database;
        try
        {
            database = Begin();
        }
        catch (Exception exception)
        {
            // Whatever waits would meet the same.
            Close();
            FailAll(SqliteFaults.Of(exception, file.Path));
            return;
        }

        if (database is null)
        {
            return;
        }

        var taken = new List<WriteEntry>();
        bool isCommitting = false;
        try
        {
            ApplyAll(database, taken);
            isCommitting = true;
            database.Prepare("COMMIT").Run();
        }
        catch (Exception exception)
        {
            // Before COMMIT nothing is in the file. An error in COMMIT does not say whether everything is, of whatever kind it is.
            Close();
            TableFault fault = SqliteFaults.Of(exception, file.Path);
            fault = isCommitting ? fault with { Kind = FaultKind.Unavailable } : fault with { IsUndone = true };
            taken.ForEach(entry => entry.Fail(fault));
            return;
        }

        taken.ForEach(static entry => entry.Answer());
        LimitLog(database);
    }

    // Opens the file, if it is not open, and waits for the lock in slices. Nothing is taken from the queue meanwhile, so that a caller can still
    // withdraw what it wrote. Null if nobody waits any more.
    private Database? Begin()
    {
        if (_database is not null && !file.IsCurrent(_database))
        {
            Close();
            FailAll(SqliteFaults.Removed(file.Path));
            return null;
        }

        TimeSpan wait = TimeSpan.Zero;
        while (!_queue.IsClosed)
        {
            try
            {
                _database ??= file.Open(wait);
                _database.BusyTimeout = wait;
                _database.Prepare("BEGIN IMMEDIATE").Run();
                return _database;
            }
            catch (SqliteErrorException error) when (error.Kind == raw.SQLITE_BUSY)
            {
                // Another process has the lock.
            }

            List<WriteEntry> impatient = _queue.TakeImpatient(out TimeSpan? patience);
            impatient.ForEach(entry => entry.Fail(SqliteFaults.Busy(file.Path, entry.Patience) with { NotSent = true }));
            if (patience is not { } left)
            {
                return null;
            }

            wait = left < LockSlice ? left : LockSlice;
        }

        return null;
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
            int changes = database.TotalChanges;
            try
            {
                entry.Apply(records);
            }
            catch (Exception exception) when (exception is not (SqliteErrorException or OutOfMemoryException) && database.TotalChanges == changes)
            {
                // Only this entry is at fault, and it has changed nothing: what is judged is judged before it is written.
                entry.Reject(SqliteFaults.Of(exception, file.Path) with { IsUndone = true });
            }
        }
    }

    private void LimitLog(Database database)
    {
        try
        {
            Housekeeping.LimitLog(database, file.Path, LockSlice);
        }
        catch (Exception)
        {
            Close();
        }
    }

    // True if there is nothing more to do. Nobody waits for it, so a fault is left to the next request to meet.
    private bool TidyUp(int checkpoint)
    {
        try
        {
            return _database is null || Housekeeping.Run(_database, file.Now, checkpoint);
        }
        catch (Exception)
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
