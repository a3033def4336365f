namespace EmailDigest;

/// <summary>What the command line asked for.</summary>
internal sealed record JobOptions
{
    /// <summary>Files or http(s) addresses; empty for the bundled set.</summary>
    public IReadOnlyList<string> Feeds { get; init; } = [];

    public required DateOnly Date { get; init; }

    /// <summary>A file, or a folder that gets <c>digest-yyyy-MM-dd.eml</c>.</summary>
    public string Output { get; init; } = DefaultOutput;

    public Uri? Endpoint { get; init; }

    public string? Region { get; init; }

    public string? Table { get; init; }

    public string? Digest { get; init; }

    public bool CreateTable { get; init; }

    /// <summary>What the repository in memory plays at; none: it is healthy.</summary>
    public Fault? Fault { get; init; }

    public required string From { get; init; }

    public IReadOnlyList<string> To { get; init; } = [];

    public bool Quiet { get; init; }

    public bool Verbose { get; init; }

    /// <summary>Whether the metrics are printed as CloudWatch reads them.</summary>
    public bool Metrics { get; init; }

    /// <summary>A folder for what DynamoDB did not take; none: not named.</summary>
    public string? DeadLetters { get; init; }

    public string DeadLetterFolder => DeadLetters ?? DefaultDeadLetters;

    public static string DefaultOutput { get; } = "out" + Path.DirectorySeparatorChar;

    public static string DefaultDeadLetters { get; } = Path.Combine("out", "dead-letters");
}
