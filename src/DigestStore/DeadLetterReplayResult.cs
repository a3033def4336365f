namespace DigestStore;

/// <summary>What a replay of dead letters did.</summary>
public sealed record DeadLetterReplayResult
{
    /// <summary>How many letters were read: the sum of <see cref="Stored"/>, <see cref="Superseded"/>, <see cref="Rejected"/> and <see cref="Kept"/>.</summary>
    public int Letters { get; init; }

    /// <summary>How many are done because their content, or that of a later letter of the same web page, is now in the table.</summary>
    public int Stored { get; init; }

    /// <summary>How many were dropped because the table has a record for their page that they may not replace, see <see cref="DeadLetter.Known"/>.</summary>
    public int Superseded { get; init; }

    /// <summary>How many were dropped because they are invalid under today's rules.</summary>
    public int Rejected { get; init; }

    /// <summary>How many could again not be stored and are kept for another replay, with the older letters of their pages.</summary>
    public int Kept { get; init; }

    /// <summary>How many entries were no letters. They are set aside: lines of a file in a file that ends with <c>.unreadable</c>.</summary>
    public int Unreadable { get; init; }

    /// <summary>How many letters belong to another table or digest; they are not part of <see cref="Letters"/>, and stay where they are.</summary>
    public int Foreign { get; init; }

    /// <summary>How many batches were skipped: files of another user, and entries that are named like letter files but are empty or no files.</summary>
    public int SkippedBatches { get; init; }
}
