using SQLitePCL;

namespace DigestStore.Sqlite;

// One connection to a file. Only one thread uses it at a time; Interrupt alone may be called from any other.
internal sealed class Database : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    // Called here and not left to reflection, so that a trimmed or native program finds it.
    static Database() => Batteries_V2.Init();

    private Database(sqlite3 handle, int generation) => (_handle, Generation) = (handle, generation);

    // Which file of this path it is: SqliteFile counts them.
    public int Generation { get; }

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    // How many rows the last statement changed.
    public int Changes => raw.sqlite3_changes(_handle);

    // How many rows all statements of this connection have changed so far.
    public int TotalChanges => raw.sqlite3_total_changes(_handle);

    // How long a statement waits for the lock of another connection.
    public TimeSpan BusyTimeout
    {
        set => raw.sqlite3_busy_timeout(_handle, (int)Math.Ceiling(Math.Clamp(value.TotalMilliseconds, 0, int.MaxValue)));
    }

    // Creates an empty file if there is none. NOMUTEX: SQLite need not guard what one thread at a time uses.
    public static Database Open(string path, int generation = 0)
    {
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            handle?.Dispose();
            throw new SqliteErrorException(code);
        }

        raw.sqlite3_extended_result_codes(handle, 1);
        return new Database(handle, generation);
    }

    // A statement is prepared once for each connection.
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            Check(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt prepared));
            _statements.Add(sql, statement = new Statement(prepared));
        }

        return statement;
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    public long ReadNumber(string sql) => Read(sql, static row => row.Number(0), 0);

    public string ReadText(string sql) => Read(sql, static row => row.Text(0), "");

    // Copies the write-ahead log into the file. BUSY means that a reader still needs some of the log.
    public void Checkpoint(int mode)
    {
        int code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", mode, out _, out _);
        if (code is not (raw.SQLITE_OK or raw.SQLITE_BUSY))
        {
            throw new SqliteErrorException(code);
        }
    }

    // Ends the statement that runs, if one does, with INTERRUPT.
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _handle.Dispose();
    }

    private T Read<T>(string sql, Func<Statement, T> value, T ofNoRow)
    {
        Statement statement = Prepare(sql);
        try
        {
            if (!statement.Step())
            {
                return ofNoRow;
            }

            // A pragma may do its work only after it has told its result.
            T read = value(statement);
            statement.Step();
            return read;
        }
        finally
        {
            statement.Reset();
        }
    }

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteErrorException(code);
        }
    }
}
