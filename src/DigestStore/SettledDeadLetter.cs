namespace DigestStore;

/// <summary>What became of one letter of a <see cref="DeadLetterBatch"/>.</summary>
public readonly record struct SettledDeadLetter
{
    /// <summary>What became of it.</summary>
    /// <value>Default <see cref="DeadLetterFate.Kept"/>.</value>
    public DeadLetterFate Fate { get; init; }

    /// <summary>What a kept letter has become: the same with one more of <see cref="DeadLetter.Attempts"/> and the new <see cref="DeadLetter.Reason"/>. It is to be kept in its place.</summary>
    /// <value>Default <see langword="null"/>: the letter is kept as it is.</value>
    public DeadLetter? Replacement { get; init; }
}
