namespace DigestStore;

/// <summary>Takes what a store could not put into the table, so that nothing is lost.</summary>
/// <remarks>
/// A store hands over every valid item that ended as <see cref="DigestItemOutcome.Failed"/>, and with
/// <see cref="DigestStoreOptions.WhenDisabled"/> also those that were skipped. It waits up to 2 seconds for each call; what an
/// implementation throws is caught and reported as <see cref="StoreProblemReason.DeadLettersNotWritten"/>. A store of many items calls it
/// several times; after three failures in a row, or failures that took 2 seconds together, that store does not call it again.
/// </remarks>
public interface IDeadLetterSink
{
    /// <summary>Keeps the letters. When it returns normally they are safe.</summary>
    /// <param name="letters">One or more letters of one store.</param>
    /// <param name="cancellationToken">Fires when the time for it is over.</param>
    /// <returns>A task that ends when the letters are safe.</returns>
    Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default);
}
