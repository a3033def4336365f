namespace DigestStore.Sqlite;

// A file that this process uses. All stores that use it share one writer and a few readers.
internal sealed class SqliteFile
{
    private static readonly Lock FilesLock = new();
    private static readonly Dictionary<string, SqliteFile> Files = new(FileLocation.PathComparer);

    private readonly Lock _openLock = new();

    // The clocks of the stores that use the file.
    private readonly List<TimeProvider> _clocks = [];

    // How often the file was created by this process. Connections to a file that was removed since are of no use.
    private int _generation;

    private SqliteFile(string path)
    {
        Path = path;
        Writer = new FileWriter(this);
        Readers = new ReaderPool(this);
    }

    public string Path { get; }

    public FileWriter Writer { get; }

    public ReaderPool Readers { get; }

    // The time by which records expire. Stores may have different clocks, and the one that is behind the others decides, because what was removed
    // does not come back.
    public DateTimeOffset Now
    {
        get
        {
            lock (FilesLock)
            {
                return _clocks.Select(static clock => clock.GetUtcNow()).Min();
            }
        }
    }

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

            file._clocks.Add(time);
            return file;
        }
    }

    public void Release(TimeProvider time)
    {
        lock (FilesLock)
        {
            // The clock of the last user stays: the file is tidied up once more.
            if (_clocks.Count > 1)
            {
                _clocks.Remove(time);
                return;
            }

            Files.Remove(Path);
        }

        Readers.Dispose();
        Writer.Dispose();
    }

    // False if the file was removed, or renamed, after the connection was opened.
    public bool IsCurrent(Database database) => database.Generation == Volatile.Read(ref _generation) && File.Exists(Path);

    // A new connection. Creates the file, and its folder, if it is not there.
    public Database Open(TimeSpan patience)
    {
        // One at a time, so that only other processes can be in each other's way.
        lock (_openLock)
        {
            _generation += FileLocation.Create(Path) ? 1 : 0;
            Database database = Database.Open(Path, _generation);
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
