namespace DigestStore;

/// <summary>Hands out the dead letters that wait for a <see cref="DeadLetterReplay"/>, in batches.</summary>
/// <remarks>
/// <see cref="FileDeadLetterSink"/> is one: there a batch is a file. For a queue a batch is what one request receives, hidden from others until the
/// batch is settled or released.
/// </remarks>
public interface IDeadLetterSource
{
    /// <summary>The batches that wait. A replay asks once, and takes all of them before it stores the first letter.</summary>
    /// <remarks>
    /// If several letters are about the same page, the replay stores the newest one first, but it can compare only the letters that this call hands
    /// out. If a source hands out only some of them, an older letter may be stored first; the newer one is then superseded, unless it knew the record
    /// of the older one.
    /// </remarks>
    /// <param name="table">The table that the replay stores into. Letters for other tables may be left out; those that are handed out stay as they are.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <returns>The batches, in any order. The replay disposes of each of them when it ends, however it ends.</returns>
    IAsyncEnumerable<DeadLetterBatch> GetBatchesAsync(string table, CancellationToken cancellationToken = default);
}
