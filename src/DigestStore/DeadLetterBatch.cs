namespace DigestStore;

/// <summary>Some of the dead letters of an <see cref="IDeadLetterSource"/>, which are claimed and settled together.</summary>
/// <remarks>
/// A replay uses a batch from one thread at a time, in this order: <see cref="ReadAsync"/> to look into it, and, if it has letters of the replay's own table
/// and digest, <see cref="TryClaimAsync"/>, <see cref="ReadAsync"/> again, and <see cref="SettleAsync"/>. A batch of which letters were kept may be
/// claimed, read and settled again. At the end it is disposed of. An exception of any of these ends the replay, and comes out of it.
/// </remarks>
public abstract class DeadLetterBatch : IAsyncDisposable
{
    /// <summary>Whether the batch can be replayed. A replay leaves any other one alone, and counts it in <see cref="DeadLetterReplayResult.SkippedBatches"/>.</summary>
    /// <value>Default <see cref="DeadLetterBatchState.Ready"/>. It may change while the batch is read or claimed.</value>
    public virtual DeadLetterBatchState State => DeadLetterBatchState.Ready;

    /// <summary>How many entries the last <see cref="ReadAsync"/> has found that are no letters. <see cref="SettleAsync"/> sets them aside.</summary>
    /// <value>Default 0.</value>
    public virtual int Unreadable => 0;

    /// <summary>Reads the letters; before the batch is claimed it changes nothing and locks nothing.</summary>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <returns>The letters, those of other tables and digests too. None if the batch is gone by now.</returns>
    public abstract IAsyncEnumerable<DeadLetter> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Claims the batch, so that no other replay works on it until it is settled or released.</summary>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <returns><see langword="false"/> if another replay has it, or it is gone. By default <see langword="true"/>: the batch was claimed when it was handed out.</returns>
    public virtual Task<bool> TryClaimAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

    /// <summary>Tells what became of each letter: those that are kept must be handed out again by a later replay, all others are done.</summary>
    /// <remarks>
    /// The kept letters must be safe before the others go. What a crash in between leaves is only replayed a second time, which does no harm.
    /// No token cancels it, since the letters have been stored. Before the batch is read again, it is claimed again.
    /// </remarks>
    /// <param name="letters">One entry for each letter of the last <see cref="ReadAsync"/>, in its order.</param>
    /// <returns>A task that ends when that is safe.</returns>
    public abstract Task SettleAsync(IReadOnlyList<SettledDeadLetter> letters);

    /// <summary>Releases the batch, when the replay ends, however it ends.</summary>
    /// <returns>A task that ends when it is released.</returns>
    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the batch holds. Letters that are claimed and not settled stay as they are for a later replay.</summary>
    /// <remarks>By default it does nothing. What it throws is passed over: it must not hide what the replay has done.</remarks>
    /// <returns>A task that ends when it is released.</returns>
    protected virtual ValueTask ReleaseAsync() => ValueTask.CompletedTask;
}
