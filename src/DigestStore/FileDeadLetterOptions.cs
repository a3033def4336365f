namespace DigestStore;

/// <summary>Settings of a <see cref="FileDeadLetterSink"/>.</summary>
public sealed record FileDeadLetterOptions
{
    /// <summary>Where the letters are kept, in a directory of its own for each table.</summary>
    public required string Directory { get; set; }

    /// <summary>How many bytes the letters of one table may take up; a write that would exceed it is refused and reported.</summary>
    /// <value>Default 100 MB.</value>
    public long MaxBytes { get; set; } = 100L * 1024 * 1024;

    /// <summary>How old a letter may grow; older ones, and lines that are no letters, are removed with the next write or replay, and counted in the log.</summary>
    /// <value>Default 30 days.</value>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);
}
