using System.Text;
using SQLitePCL;

namespace DigestStore.Sqlite;

// A prepared statement. Whoever steps through its rows resets it before anything else happens, because a statement that is not reset holds
// the state of the file that it reads, and the write-ahead log then cannot shrink.
internal sealed class Statement(sqlite3_stmt handle) : IDisposable
{
    private const int MaxTextOnStack = 512;

    public void Bind(int index, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(handle, index));
            return;
        }

        // The driver's own method for texts makes an array of each. An empty span would be bound as NULL.
        int maxBytes = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = maxBytes <= MaxTextOnStack ? stackalloc byte[MaxTextOnStack] : new byte[maxBytes];
        int length = Encoding.UTF8.GetBytes(text, bytes);
        Check(length == 0 ? raw.sqlite3_bind_text(handle, index, text) : raw.sqlite3_bind_text(handle, index, bytes[..length]));
    }

    public void Bind(int index, long? number) => Check(number is { } value ? raw.sqlite3_bind_int64(handle, index, value) : raw.sqlite3_bind_null(handle, index));

    public void Bind(int index, ReadOnlySpan<byte> bytes) => Check(raw.sqlite3_bind_blob(handle, index, bytes));

    // True if there is a row.
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw new SqliteErrorException(code),
        };
    }

    // Runs a statement that has no rows to read, and resets it.
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    // Its result is that of the last step, which has been looked at.
    public void Reset() => raw.sqlite3_reset(handle);

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    // The bytes lie in SQLite's own memory, until the next step or reset.
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => handle.Dispose();

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteErrorException(code);
        }
    }
}
