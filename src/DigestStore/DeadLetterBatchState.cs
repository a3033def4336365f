namespace DigestStore;

/// <summary>Whether a <see cref="DeadLetterBatch"/> can be replayed.</summary>
public enum DeadLetterBatchState
{
    /// <summary>The batch can be replayed.</summary>
    Ready = 0,

    /// <summary>This process may not read or change the batch, for example because it is a file of another user.</summary>
    Denied = 1,

    /// <summary>The batch cannot have letters, for example because it is a pipe that is named like a letter file.</summary>
    NoLetters = 2,
}
