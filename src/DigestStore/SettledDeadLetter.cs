namespace DigestStore;

/// <summary>What became of one letter of a <see cref="DeadLetterBatch"/>.</summary>
public readonly record struct SettledDeadLetter
{
    /// <summary>What became of it.</summary>
    /// <value>Default <see cref="DeadLetterFate.Kept"/>.</value>
    public DeadLetterFate Fate { get; init; }

    /// <summary>The letter to keep in place of a kept letter: the same letter, with <see cref="DeadLetter.Attempts"/> one higher and the new <see cref="DeadLetter.Reason"/>.</summary>
    /// <value>Default <see langword="null"/>: the letter is kept as it is.</value>
    public DeadLetter? Replacement { get; init; }
}
