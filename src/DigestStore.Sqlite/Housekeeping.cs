using SQLitePCL;

namespace DigestStore.Sqlite;

// What a file needs while nobody writes: the write-ahead log goes into the file itself, and records that expired long ago are removed.
internal static class Housekeeping
{
    // So many records are removed in one transaction, which takes a few milliseconds and keeps a write waiting no longer.
    public const int MaxRemoved = 500;

    // While one write follows the other, the log is copied as soon as it has so much. SQLite begins it anew then, if no reader needs it.
    private const long UsualLogBytes = 16 * 1024 * 1024;

    // Half of what the log may have at most, since a transaction and what readers hold up come on top.
    private const long MaxLogBytes = 32 * 1024 * 1024;

    // How long nobody has written before it begins.
    public static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(250);

    // DynamoDB removes expired records within a few days, and readers leave them out before. A record that is used when it expires is still
    // there for as long as its use can take.
    public static readonly TimeSpan Grace = TimeSpan.FromDays(2);

    // False if there are more records to remove.
    public static bool Run(Database database, DateTimeOffset now, int checkpoint)
    {
        int removed = RemoveExpired(database, now - Grace);
        database.Checkpoint(checkpoint);
        return removed < MaxRemoved;
    }

    // Called between two transactions, so that no caller waits for it. While there is always a reader that began before the
    // last write, SQLite does not begin its log anew, and the log grows. Then this waits for the readers of the moment.
    public static void LimitLog(Database database, string path, TimeSpan patience)
    {
        if (new FileInfo(path + "-wal") is { Exists: true, Length: > UsualLogBytes and var length })
        {
            database.BusyTimeout = patience;
            database.Checkpoint(length > MaxLogBytes ? raw.SQLITE_CHECKPOINT_RESTART : raw.SQLITE_CHECKPOINT_PASSIVE);
        }
    }

    private static int RemoveExpired(Database database, DateTimeOffset before)
    {
        // Removing records is not urgent: it does not wait for another process.
        database.BusyTimeout = TimeSpan.Zero;
        try
        {
            return new RecordWriter(database).RemoveExpired(before, MaxRemoved);
        }
        catch (SqliteErrorException error) when (error.Kind == raw.SQLITE_BUSY)
        {
            return 0;
        }
    }
}
