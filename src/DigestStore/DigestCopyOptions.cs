namespace DigestStore;

/// <summary>The settings of one copy.</summary>
public sealed record DigestCopyOptions
{
    /// <summary>Is told after each date of the range. An exception that it throws is ignored.</summary>
    /// <value>Default <see langword="null"/>: nobody is told.</value>
    public IProgress<DigestCopyProgress>? Progress { get; init; }

    /// <summary>Whether both stores are only read and compared, and nothing is written.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool VerifyOnly { get; init; }
}
