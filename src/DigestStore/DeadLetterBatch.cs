namespace DigestStore;

/// <summary>Some of the dead letters of an <see cref="IDeadLetterSource"/>, which are claimed and settled together.</summary>
/// <remarks>
/// A replay uses a batch from one thread at a time, in this order: <see cref="ReadAsync"/> to look into it, and, if it has letters of the replay's own table
/// and digest, <see cref="TryClaimAsync"/>, <see cref="ReadAsync"/> again, and <see cref="SettleAsync"/>. A batch that still has letters may be
/// claimed, read and settled again. At the end it is disposed of. An exception of any of these methods ends the replay and is thrown by it.
/// </remarks>
public abstract class DeadLetterBatch : IAsyncDisposable
{
    /// <summary>Whether the batch can be replayed. A replay does not change a batch that cannot, and counts it in <see cref="DeadLetterReplayResult.SkippedBatches"/>.</summary>
    /// <value>Default <see cref="DeadLetterBatchState.Ready"/>. It may change while the batch is read or claimed.</value>
    public virtual DeadLetterBatchState State => DeadLetterBatchState.Ready;

    /// <summary>The number of entries that the last <see cref="ReadAsync"/> found and that are not letters. <see cref="SettleAsync"/> sets them aside.</summary>
    /// <value>Default 0.</value>
    public virtual int Unreadable => 0;

    /// <summary>Reads the letters. Before the batch is claimed, reading changes nothing and locks nothing.</summary>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <returns>The letters, including those of other tables and digests; none if the batch does not exist any more.</returns>
    public abstract IAsyncEnumerable<DeadLetter> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Claims the batch, so that no other replay works on it until it is settled or released.</summary>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <returns><see langword="false"/> if another replay has claimed it, or it does not exist any more. By default <see langword="true"/>: the batch was claimed when it was handed out.</returns>
    public virtual Task<bool> TryClaimAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

    /// <summary>Settles the batch. Letters that are kept must be handed out again to a later replay; all others are done.</summary>
    /// <remarks>
    /// The kept letters must be stored safely before the others are removed. After a crash in between, some letters are replayed a second time,
    /// which does no harm. It cannot be canceled, because the items of the other letters are already in the table. Before the batch is read again,
    /// it is claimed again.
    /// </remarks>
    /// <param name="letters">One entry for each letter of the last <see cref="ReadAsync"/>, in its order.</param>
    /// <returns>A task that ends when the kept letters are safe and the others are removed.</returns>
    public abstract Task SettleAsync(IReadOnlyList<SettledDeadLetter> letters);

    /// <summary>Releases the batch at the end of the replay, however the replay ends.</summary>
    /// <returns>A task that ends when the batch is released.</returns>
    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the batch holds. Letters that are claimed and not settled stay as they are for a later replay.</summary>
    /// <remarks>By default it does nothing. An exception of it is ignored, because it must not hide what the replay has done.</remarks>
    /// <returns>A task that ends when the batch is released.</returns>
    protected virtual ValueTask ReleaseAsync() => ValueTask.CompletedTask;
}
