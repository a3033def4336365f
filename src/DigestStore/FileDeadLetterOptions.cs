namespace DigestStore;

/// <summary>Settings of a <see cref="FileDeadLetterSink"/>.</summary>
public sealed record FileDeadLetterOptions
{
    /// <summary>The directory in which the letters are kept. Each table has a subdirectory of its own.</summary>
    public required string Directory { get; set; }

    /// <summary>The most bytes that the letters of one table may take up. A write that would exceed it is refused and reported.</summary>
    /// <value>Default 100 MB.</value>
    public long MaxBytes { get; set; } = 100L * 1024 * 1024;

    /// <summary>The greatest age of a letter. The next write or replay removes older letters, and lines that are no letters, and logs how many.</summary>
    /// <value>Default 30 days.</value>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);
}
