namespace DigestStore;

/// <summary>What became of a dead letter in a replay.</summary>
public enum DeadLetterFate
{
    /// <summary>The letter stays for a later replay: it could not be stored, it waits for a newer letter of its page, or it belongs to another table or digest.</summary>
    Kept = 0,

    /// <summary>The content of the letter is in the table, or the content of a newer letter of its page is. The letter is done.</summary>
    Stored = 1,

    /// <summary>The table has a record for the page that the letter may not replace, see <see cref="DeadLetter.Known"/>. The letter is done.</summary>
    Superseded = 2,

    /// <summary>The item is invalid under today's rules. The letter is done.</summary>
    Rejected = 3,
}
