namespace DigestStore.Benchmarks.Deadline;

/// <summary>A sink of one round, with the directory that goes with it.</summary>
internal sealed class TestSink(IDeadLetterSink sink, string? directory = null) : IDisposable
{
    public IDeadLetterSink Sink => sink;

    /// <summary>Without a limit of bytes: what is measured is time.</summary>
    public static TestSink OfFiles()
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("digeststore-letters-").FullName;
        return new TestSink(new FileDeadLetterSink(new FileDeadLetterOptions { Directory = directory, MaxBytes = long.MaxValue }), directory);
    }

    public void Dispose()
    {
        if (directory is not null)
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }
    }
}
