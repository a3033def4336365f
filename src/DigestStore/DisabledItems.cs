namespace DigestStore;

/// <summary>What becomes of items that are handed in while the store is switched off.</summary>
public enum DisabledItems
{
    /// <summary>They are skipped, and reported as such.</summary>
    Drop = 0,

    /// <summary>They are skipped, and the valid ones go to the <see cref="IDeadLetterSink"/> to be stored later.</summary>
    DeadLetter = 1,
}
