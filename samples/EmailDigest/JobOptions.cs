using MimeKit;

namespace EmailDigest;

/// <summary>What the command line asked for.</summary>
internal sealed record JobOptions
{
    public const int DefaultMax = 100;
    public const int DefaultSince = 7; // Days, for feeds that the user names.
    public const int DefaultAgainAfter = 30; // Days.
    public const int MaxDays = 3_660; // Of one question to the library.
    public const int DefaultCopied = 400; // Days: so long a store remembers what was sent.
    public const string DefaultFileName = "digests.db";
    public static readonly string DefaultOutput = "out" + Path.DirectorySeparatorChar;
    public static readonly string DefaultFile = Path.Combine("out", DefaultFileName);
    public static readonly string DefaultDeadLetters = Path.Combine("out", "dead-letters");

    /// <summary>Files or http(s) addresses; empty for the bundled set.</summary>
    public required IReadOnlyList<string> Feeds { get; init; }
    public required DateOnly Date { get; init; }

    /// <summary>The first day whose links are taken; none: all are.</summary>
    public required DateOnly? Since { get; init; }
    public required int Max { get; init; }

    /// <summary>Links that were sent in so many days before are left out; 0: none are.</summary>
    public required int AgainAfter { get; init; }

    /// <summary>The mail server; none: the email is delivered into a file.</summary>
    public required Uri? Smtp { get; init; }

    /// <summary>How the day is leased, and how long to wait for another run that holds it.</summary>
    public required DeliveryOptions Delivery { get; init; }

    /// <summary>A file, or a folder that gets <c>digest-yyyy-MM-dd.eml</c>.</summary>
    public required string Output { get; init; }

    /// <summary>The library's settings by their names; those without a value are not given.</summary>
    public required IReadOnlyDictionary<string, string?> Settings { get; init; }
    public required bool CreateTable { get; init; }

    /// <summary>The file to store in; none: not named.</summary>
    public required string? File { get; init; }

    /// <summary>Whether to store in memory.</summary>
    public required bool IsInMemory { get; init; }

    /// <summary>What the repository in memory plays at; none: it is healthy.</summary>
    public required Fault? Fault { get; init; }
    public required MailboxAddress From { get; init; }
    public required IReadOnlyList<MailboxAddress> To { get; init; }
    public required bool Quiet { get; init; }
    public required bool Verbose { get; init; }

    /// <summary>Whether the metrics are printed as CloudWatch reads them.</summary>
    public required bool Metrics { get; init; }

    /// <summary>A folder for what could not be stored; none: not named.</summary>
    public required string? DeadLetters { get; init; }
}
