namespace DigestStore.Sqlite;

// A result of SQLite that is neither OK, ROW nor DONE. It never leaves the package: SqliteFaults makes a fault of it.
internal sealed class SqliteErrorException(int code) : Exception
{
    // The extended result code: https://www.sqlite.org/rescode.html
    public int Code { get; } = code;

    // The kind of error, which is the lowest byte of the extended code.
    public int Kind => Code & 0xFF;

    public override string Message => SQLitePCL.raw.sqlite3_errstr(Code).utf8_to_string();
}
