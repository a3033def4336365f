namespace DigestStore;

/// <summary>How far a copy has come.</summary>
public sealed record DigestCopyProgress
{
    /// <summary>The date that was dealt with last.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>What became of it.</summary>
    /// <value>Default <see langword="null"/>: the source has nothing of this date.</value>
    public DigestCopyDay? Day { get; init; }

    /// <summary>How many dates of the range are done, this one included.</summary>
    public required int DatesDone { get; init; }

    /// <summary>How many dates the range has.</summary>
    public required int Dates { get; init; }
}
