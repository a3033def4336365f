namespace DigestStore;

/// <summary>Keeps the items that a store call could not put into the table, so that they can be stored later.</summary>
/// <remarks>
/// A store call hands over every valid item that ended as <see cref="DigestItemOutcome.Failed"/>. With <see cref="DisabledItems.DeadLetter"/> it
/// also hands over the valid items that were skipped. It waits up to 2 seconds for each write. What an implementation throws is caught and
/// reported as <see cref="StoreProblemReason.DeadLettersNotWritten"/>. A store call with many items writes several times. After three failures in
/// a row, or failures that took 2 seconds together, this store call does not write again; the next store call does.
/// </remarks>
public interface IDeadLetterSink
{
    /// <summary>Keeps the letters. When it returns normally they are safe.</summary>
    /// <param name="letters">One or more letters of one store call.</param>
    /// <param name="cancellationToken">Fires when the time for it is over.</param>
    /// <returns>A task that ends when the letters are safe.</returns>
    Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default);
}
