namespace DigestStore.Sqlite;

// A file that this process uses. All stores that use it share one writer and a few readers.
internal sealed class SqliteFile
{
    private static readonly Lock FilesLock = new();
    private static readonly Dictionary<string, SqliteFile> Files = new(FileLocation.PathComparer);

    private readonly Lock _openLock = new();
    private int _users;

    private SqliteFile(string path)
    {
        Path = path;
        Writer = new FileWriter(this);
        Readers = new ReaderPool(this);
    }

    public string Path { get; }

    public FileWriter Writer { get; }

    public ReaderPool Readers { get; }

    // The clock by which records expire: that of the store that was opened last.
    public TimeProvider Time { get; private set; } = TimeProvider.System;

    // Every user releases the file once. Nothing is opened yet.
    public static SqliteFile Acquire(string path, TimeProvider time)
    {
        string canonical = FileLocation.Canonical(path);
        lock (FilesLock)
        {
            if (!Files.TryGetValue(canonical, out SqliteFile? file))
            {
                Files.Add(canonical, file = new SqliteFile(canonical));
            }

            file._users++;
            file.Time = time;
            return file;
        }
    }

    public void Release()
    {
        lock (FilesLock)
        {
            if (--_users > 0)
            {
                return;
            }

            Files.Remove(Path);
        }

        Readers.Dispose();
        Writer.Dispose();
    }

    // A new connection. Creates the file, and its folder, if it is not there.
    public Database Open(TimeSpan patience)
    {
        // One at a time, so that only other processes can be in each other's way.
        lock (_openLock)
        {
            FileLocation.Create(Path);
            Database database = Database.Open(Path);
            try
            {
                database.BusyTimeout = patience;
                FileSchema.Prepare(database, Path);
                return database;
            }
            catch
            {
                database.Dispose();
                throw;
            }
        }
    }
}
