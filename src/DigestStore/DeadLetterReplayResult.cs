namespace DigestStore;

/// <summary>What a replay of dead letters did.</summary>
public sealed record DeadLetterReplayResult
{
    /// <summary>How many letters were read: the sum of the four counts below.</summary>
    public int Letters { get; init; }

    /// <summary>How many are now in the table, or gave way to a later letter of the same page.</summary>
    public int Stored { get; init; }

    /// <summary>How many were dropped because the table has newer content.</summary>
    public int Superseded { get; init; }

    /// <summary>How many were dropped because they are invalid under today's rules.</summary>
    public int Rejected { get; init; }

    /// <summary>How many could again not be stored and are kept for another replay.</summary>
    public int Kept { get; init; }

    /// <summary>How many lines were no letters; they are kept aside in files that end with <c>.unreadable</c>.</summary>
    public int Unreadable { get; init; }
}
