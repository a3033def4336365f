namespace DigestStore.SqliteTests;

// A file in a folder of its own, which is removed at the end.
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile() => Folder = Directory.CreateTempSubdirectory("digeststore-sqlite-").FullName;

    public string Folder { get; }

    public string Path => System.IO.Path.Combine(Folder, "digests.db");

    public string Log => Path + "-wal";

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
