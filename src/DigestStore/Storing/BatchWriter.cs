using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// Steps 5 and 6 of StoreOperation. A few workers pack the items of one pool into batches and write them, until the pool is empty.
internal sealed class BatchWriter(StoreContext context, TableGateway gateway, Action onItemsWritten) : IDisposable
{
    // For a table that writes them together. More would wait in memory, while the disk has to confirm few of them less often.
    private const int MaxBatchesTogether = 64;
    private const long MaxBytesTogether = 4 * 1024 * 1024;

    private readonly WritePool _pool = new();
    private readonly Pacer _pacer = new(context.Scope.Time);
    private readonly PoisonIsolation _isolation = new();
    private readonly SemaphoreSlim _isolationLock = new(1, 1);
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(context.Scope.Ended);
    private FailureCause? _stopCause;
    private long _accepted;

    // The number of batches that have been sent and are not settled yet.
    private int _underWay;

    // The reason why the call has to stop; null while it can go on. Once it is set, nothing more is sent.
    public FailureCause? StopCause => Volatile.Read(ref _stopCause);

    public async Task WriteAsync(IReadOnlyList<PendingItem> items)
    {
        _pool.Add(items);
        int batches = (items.Count + context.Options.BatchSize - 1) / context.Options.BatchSize;
        int workers = Math.Min(gateway.WritesTogether ? BatchesTogether(items, batches) : context.Options.MaxConcurrency, batches);
        var working = new Task[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            working[worker] = WorkAsync();
        }

        await Task.WhenAll(working).ConfigureAwait(false);
        FailRest();
    }

    // Large batches need not be written together: the disk takes longer to write them than to confirm them, and none of them has its verdict before
    // all are written, for which an attempt has its time only.
    private int BatchesTogether(IReadOnlyList<PendingItem> items, int batches)
    {
        long bytes = 0;
        foreach (PendingItem item in items)
        {
            bytes += item.Size + (item.Write?.Unknown?.Size ?? 0);
        }

        long fitting = batches * MaxBytesTogether / Math.Max(bytes, 1);
        return Math.Max(context.Options.MaxConcurrency, (int)Math.Min(fitting, MaxBatchesTogether));
    }

    public void Dispose()
    {
        _stop.Dispose();
        _isolationLock.Dispose();
    }

    private async Task WorkAsync()
    {
        // The loop ends, because each round settles an item, finds the pool empty, or stops the call.
        while (true)
        {
            long before = Interlocked.Read(ref _accepted);
            List<PendingItem> batch = [];
            WriteReply reply = await gateway.Retries.UntilProgressAsync(
                async _ =>
                {
                    // Each attempt packs a batch anew, from all that has come back to the pool meanwhile.
                    batch = await TakeBatchAsync().ConfigureAwait(false);
                    return batch.Count == 0 ? new WriteReply { Sent = 0 } : await SendAsync(batch).ConfigureAwait(false);
                },
                _stop.Token).ConfigureAwait(false);

            if (batch.Count == 0)
            {
                return;
            }

            if (reply.Fault is { IsRefusal: true })
            {
                await IsolateAsync(batch, reply).ConfigureAwait(false);
            }
            else if (_stop.IsCancellationRequested)
            {
                return;
            }
            else if (reply.Fault is { IsTransient: false })
            {
                Stop(CauseOf(reply));
            }
            else if (reply.MadeNoProgress && Interlocked.Read(ref _accepted) == before)
            {
                // All attempts of this worker came to nothing, and meanwhile no other worker stored anything either.
                Stop(CauseOf(reply));
            }
        }
    }

    // The batch is empty when there is nothing more to send.
    private async Task<List<PendingItem>> TakeBatchAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return [];
        }

        List<PendingItem> batch = _pool.TakeBatch(context.Options.BatchSize);
        try
        {
            await _pacer.WaitAsync(BatchPacker.UnitsOf(batch), _stop.Token).ConfigureAwait(false);
            return batch;
        }
        catch (OperationCanceledException)
        {
            _pool.Add(batch);
            return [];
        }
    }

    // Sends a batch once. Items that DynamoDB left unprocessed go back to the pool, and so does a batch that failed. A batch that was
    // refused as invalid does not, because the caller has to find its invalid items.
    private async Task<WriteReply> SendAsync(List<PendingItem> batch)
    {
        // Leftovers of several batches may be packed together, so a request counts as a retry if any of its items was sent before.
        bool isRetry = false;
        var writes = new ItemWrite[batch.Count];
        for (int index = 0; index < writes.Length; index++)
        {
            PendingItem item = batch[index];
            isRetry |= item.WasSent;
            item.Sending();
            writes[index] = item.Write!;
        }

        Interlocked.Increment(ref _underWay);
        WriteReply reply = await gateway.WriteOnceAsync(new WriteBatch(context.Partition, writes, []), isRetry).ConfigureAwait(false);
        foreach (PendingItem item in batch)
        {
            item.Answered(reply.Fault);
        }

        if (reply.Fault is null)
        {
            Settle(batch, reply);
        }
        else if (!reply.Fault.IsRefusal)
        {
            _pool.Add(batch);
            if (reply.Fault.Kind == FaultKind.Throttled)
            {
                _pacer.Throttled(admittedUnits: 0);
            }
        }

        Interlocked.Decrement(ref _underWay);
        return reply;
    }

    private void Settle(List<PendingItem> batch, WriteReply reply)
    {
        HashSet<DigestItemId>? left = reply.Unprocessed.Count == 0 ? null : [.. reply.Unprocessed];
        List<PendingItem> back = left is null ? [] : new(left.Count);
        long accepted = 0;
        foreach (PendingItem item in batch)
        {
            if (left is not null && left.Contains(item.Write!.Id))
            {
                back.Add(item);
            }
            else
            {
                context.Ledger.Settle(item.Index, item.OutcomeWhenStored);
                accepted++;
            }
        }

        if (accepted > 0)
        {
            Interlocked.Add(ref _accepted, accepted);
            onItemsWritten();
        }

        if (back.Count == 0)
        {
            _pacer.Admitted(BatchPacker.UnitsOf(batch));
            return;
        }

        _pacer.Throttled(BatchPacker.UnitsOf(batch) - BatchPacker.UnitsOf(back));
        _pool.Add(back);
    }

    // Finds the invalid items in a batch that was refused. Workers take turns, because the first refused batch decides whether the fault is
    // an item's or the table's.
    private async Task IsolateAsync(List<PendingItem> refused, WriteReply refusal)
    {
        await _isolationLock.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_stop.IsCancellationRequested)
            {
                _pool.Add(refused);
                return;
            }

            PoisonIsolation.Found found = await _isolation.BisectAsync(refused, () => _stop.IsCancellationRequested, SendAsync, _pool.Add, permanent => Stop(CauseOf(permanent))).ConfigureAwait(false);
            Fail(found.NotIsolated, CauseOf(refusal) with { Reason = StoreProblemReason.BatchRefused });
            bool isTableAtFault = refused.Count > 1 && found.Poison.Count == refused.Count && !MayTableAcceptRecords(found.Poison);
            FailureCause cause = isTableAtFault ? CauseOf(refusal) with { Reason = StoreProblemReason.TableMismatch } : CauseOf(refusal);
            Fail(found.Poison, cause);
            if (isTableAtFault)
            {
                Stop(cause);
            }
        }
        finally
        {
            _isolationLock.Release();
        }
    }

    // Returns true if this call has stored a record, has found one in the table, or may have stored one. The table then accepts the
    // library's records, or nobody can tell.
    private bool MayTableAcceptRecords(List<PendingItem> refused) =>
        context.Ledger.Stored > 0 || Volatile.Read(ref _underWay) > 0 || refused.Exists(static item => item.MayBeStored);

    private void Stop(FailureCause cause)
    {
        if (Interlocked.CompareExchange(ref _stopCause, cause, null) is null)
        {
            _stop.Cancel();
        }
    }

    private FailureCause CauseOf(WriteReply reply) => new(FaultReasons.OfWrite(reply.Fault), reply.Fault, reply.Operation, context.Partition.Table);

    private void Fail(List<PendingItem> items, FailureCause cause)
    {
        foreach (PendingItem item in items)
        {
            context.Ledger.Fail(item, cause);
        }
    }

    private void FailRest()
    {
        FailureCause cause = StopCause ?? new FailureCause(context.Scope.EndReason);
        while (_pool.TryTake(out PendingItem? item))
        {
            context.Ledger.Fail(item, cause);
        }
    }
}
