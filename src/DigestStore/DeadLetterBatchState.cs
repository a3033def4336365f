namespace DigestStore;

/// <summary>Whether a <see cref="DeadLetterBatch"/> can be replayed.</summary>
public enum DeadLetterBatchState
{
    /// <summary>It can.</summary>
    Ready = 0,

    /// <summary>This process may not read or change it, such as a file of another user.</summary>
    Denied = 1,

    /// <summary>It cannot have letters, such as a named pipe that is named like a letter file.</summary>
    NoLetters = 2,
}
