namespace DigestStore;

/// <summary>What became of a dead letter in a replay.</summary>
public enum DeadLetterFate
{
    /// <summary>It stays for a later replay: it could not be stored, it waits for a newer letter of its page, or it belongs to another table or digest.</summary>
    Kept = 0,

    /// <summary>Its content is in the table, or it gave way to a newer letter of its page. It is done.</summary>
    Stored = 1,

    /// <summary>The table has another record for its page than it may replace, see <see cref="DeadLetter.Known"/>. It is done.</summary>
    Superseded = 2,

    /// <summary>Its item is invalid under today's rules. It is done.</summary>
    Rejected = 3,
}
