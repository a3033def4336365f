namespace DigestStore;

/// <summary>Whether a <see cref="DeadLetterBatch"/> can be replayed.</summary>
public enum DeadLetterBatchState
{
    /// <summary>The batch can be replayed.</summary>
    Ready = 0,

    /// <summary>This process may not read or change the batch, for example because it is a file of another user.</summary>
    Denied = 1,

    /// <summary>The batch is something that cannot have letters, for example a pipe with the name of a letter file.</summary>
    NoLetters = 2,
}
