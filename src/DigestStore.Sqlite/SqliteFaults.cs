using System.Globalization;
using DigestStore.Table;
using SQLitePCL;

namespace DigestStore.Sqlite;

// What an error of SQLite means for a request, with the words for the user: the file, what happened and what to do.
internal static class SqliteFaults
{
    public static TableFault Of(Exception exception, string path) => exception switch
    {
        SqliteErrorException error => Of(error, path),
        UnusableFileException unusable => unusable.Fault,
        DamagedRecordException => new TableFault(FaultKind.TableMismatch, "DamagedRecord")
        {
            Remedy = $"A record in the file '{path}' is not the JSON of a record, so another program has changed it. Restore the file from a back-up, or correct the column body.",
        },
        UnauthorizedAccessException => new TableFault(FaultKind.AccessDenied, exception.GetType().Name)
        {
            Remedy = $"The folder of the file '{path}' cannot be created, or not written to, by the user of this process. Give it the right to, or name another file.",
        },
        IOException => new TableFault(FaultKind.Unavailable, exception.GetType().Name)
        {
            Remedy = $"The file '{path}' or its folder is not there and cannot be created ({exception.Message.TrimEnd('.')}). Create it, or name another file.",
        },
        _ => new TableFault(FaultKind.Internal, exception.GetType().Name),
    };

    public static TableFault SchemaMismatch(string remedy) => new(FaultKind.TableMismatch, "SchemaMismatch") { Remedy = remedy };

    public static TableFault NoLog(string path, string mode) => new(FaultKind.Misconfigured, "NoWriteAheadLog")
    {
        Remedy = $"The file '{path}' cannot have a write-ahead log: SQLite left its journal mode at '{mode}'. Without the log nothing can be promised of it. A file system that shares no memory between processes is no place for it: name a file on a disk of this machine.",
    };

    // SQLite itself would go on to write to the file that nobody can find any more.
    public static TableFault Removed(string path) => new(FaultKind.Unavailable, "FileRemoved")
    {
        Remedy = $"The file '{path}' was removed or renamed while this process used it, and what was in it is gone from there. The next request makes a new one. End the program before you move the file.",
    };

    // The lock of another process was not released in the time that the attempt has for it.
    public static TableFault Busy(string path, TimeSpan waited) => new(FaultKind.Throttled, "SQLITE_BUSY")
    {
        Remedy = string.Create(
            CultureInfo.InvariantCulture,
            $"Another process or program held the lock of the file '{path}' for {waited.TotalSeconds:0.##} s. Only one can write at a time: end its transaction, or allow more time with {nameof(DigestStoreOptions.AttemptTimeout)}."),
    };

    public static TableFault QueueFull(string path, long maxBytes) => new(FaultKind.Throttled, "QueueFull")
    {
        Remedy = string.Create(
            CultureInfo.InvariantCulture,
            $"More than {maxBytes / (1024 * 1024)} MB wait to be written to the file '{path}': the disk takes less than what is stored. Store less at a time, or use a faster disk."),
    };

    private static TableFault Of(SqliteErrorException error, string path)
    {
        (FaultKind kind, string name, string remedy) = error.Kind switch
        {
            raw.SQLITE_BUSY => (FaultKind.Throttled, "SQLITE_BUSY", "Another process or program holds its lock. End its transaction."),
            raw.SQLITE_LOCKED => (FaultKind.Throttled, "SQLITE_LOCKED", "Another connection holds a lock in it. End its transaction."),
            raw.SQLITE_FULL => (FaultKind.Unavailable, "SQLITE_FULL", "The disk is full. Free some space on it."),
            raw.SQLITE_IOERR => (FaultKind.Unavailable, "SQLITE_IOERR", "The disk or its file system reported an error. Check the disk and its space; a network file system is no place for the file."),
            raw.SQLITE_NOMEM => (FaultKind.Unavailable, "SQLITE_NOMEM", "There was not enough memory."),
            raw.SQLITE_PROTOCOL => (FaultKind.Unavailable, "SQLITE_PROTOCOL", "Too many processes opened it at once."),
            raw.SQLITE_READONLY => (FaultKind.AccessDenied, "SQLITE_READONLY", "It cannot be written to. Let the user of this process write to the file and its folder, and check that the disk is not mounted read-only."),
            raw.SQLITE_CANTOPEN => (FaultKind.AccessDenied, "SQLITE_CANTOPEN", "It cannot be opened. Check that it is a file, and that the user of this process may read and write it and its folder."),
            raw.SQLITE_PERM => (FaultKind.AccessDenied, "SQLITE_PERM", "It may not be opened. Let the user of this process read and write the file and its folder."),
            raw.SQLITE_ERROR => (FaultKind.TableMismatch, "SQLITE_ERROR", "Its tables are not those that DigestStore made. Restore it from a back-up."),
            raw.SQLITE_CORRUPT => (FaultKind.TableMismatch, "SQLITE_CORRUPT", "It is damaged. Restore it from a back-up; 'PRAGMA integrity_check' in the sqlite3 shell tells more."),
            raw.SQLITE_NOTADB => (FaultKind.TableMismatch, "SQLITE_NOTADB", "It is no database, or an encrypted one. Nothing was changed in it. Name another file."),
            _ => (FaultKind.Internal, string.Create(CultureInfo.InvariantCulture, $"SQLITE_{error.Kind}"), ""),
        };
        string code = error.Code == error.Kind ? "" : string.Create(CultureInfo.InvariantCulture, $" ({error.Code})");
        return kind == FaultKind.Internal
            ? new TableFault(kind, name)
            : new TableFault(kind, name) { Remedy = $"The file '{path}' gave the error {name}{code}: {error.Message}. {remedy}" };
    }
}
