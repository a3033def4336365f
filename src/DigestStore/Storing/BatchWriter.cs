using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// Step 6: a few workers empty one pool. What comes back goes into the pool again, so that leftovers of all batches are packed anew.
internal sealed class BatchWriter(TableGateway gateway, DigestStoreOptions options, Partition partition, StoreLedger ledger, Action onProgress) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingItem> _pool = new();
    private readonly Pacer _pacer = new(gateway.Scope.Time);
    private readonly PoisonIsolation _isolation = new();
    private readonly SemaphoreSlim _isolating = new(1, 1);
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(gateway.Scope.Ended);
    private long _accepted;

    // Batches that were sent and are not settled yet.
    private int _underWay;

    // Why the store cannot go on; once set, nothing more is sent.
    public FailureCause? Stopped { get; private set; }

    public async Task WriteAsync(IReadOnlyList<PendingItem> items)
    {
        _pool.EnsureCapacity(items.Count);
        foreach (PendingItem item in items)
        {
            _pool.Enqueue(item);
        }

        int batches = (items.Count + options.BatchSize - 1) / options.BatchSize;
        int workers = Math.Min(options.MaxConcurrency, batches);
        var working = new Task[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            working[worker] = WorkAsync();
        }

        await Task.WhenAll(working).ConfigureAwait(false);
        FailRest();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _isolating.Dispose();
    }

    private async Task WorkAsync()
    {
        // Leaves the loop: each round settles an item, ends with an empty pool, or stops the store.
        while (true)
        {
            long before = Interlocked.Read(ref _accepted);
            List<PendingItem> batch = [];
            WriteReply reply = await gateway.RetryAsync(
                async isRetry =>
                {
                    batch = await TakeAsync().ConfigureAwait(false);
                    return batch.Count == 0 ? new WriteReply { Sent = 0 } : await SendAsync(batch).ConfigureAwait(false);
                },
                _stop.Token).ConfigureAwait(false);

            if (batch.Count == 0)
            {
                return;
            }

            if (reply.Fault is { IsRefusal: true })
            {
                await IsolateAsync(batch, reply.Fault).ConfigureAwait(false);
            }
            else if (_stop.IsCancellationRequested)
            {
                return;
            }
            else if (reply.Fault is { IsTransient: false } permanent)
            {
                Stop(CauseOf(permanent));
            }
            else if (reply.CameToNothing && Interlocked.Read(ref _accepted) == before)
            {
                // All attempts in a row came to nothing, for this worker and for every other one meanwhile.
                Stop(CauseOf(reply.Fault));
            }
        }
    }

    private async Task<List<PendingItem>> TakeAsync()
    {
        List<PendingItem> batch;
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
            {
                return [];
            }

            batch = BatchPacker.Take(_pool, options.BatchSize);
        }

        try
        {
            await _pacer.WaitAsync(UnitsOf(batch), _stop.Token).ConfigureAwait(false);
            return batch;
        }
        catch (OperationCanceledException)
        {
            Return(batch);
            return [];
        }
    }

    private async Task<WriteReply> SendAsync(List<PendingItem> batch)
    {
        Interlocked.Increment(ref _underWay);
        WriteReply reply = await PutAsync(batch).ConfigureAwait(false);
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
            Return(batch);
            if (reply.Fault.Kind == FaultKind.Throttled)
            {
                _pacer.Throttled(admittedUnits: 0);
            }
        }

        Interlocked.Decrement(ref _underWay);
        return reply;
    }

    private Task<WriteReply> PutAsync(List<PendingItem> batch)
    {
        bool isRetry = false;
        var writes = new ItemWrite[batch.Count];
        for (int index = 0; index < writes.Length; index++)
        {
            PendingItem item = batch[index];
            isRetry |= item.WasSent;
            item.Sending();
            writes[index] = item.Write!;
        }

        return gateway.WriteOnceAsync(new WriteBatch(partition, writes, []), isRetry);
    }

    private static int UnitsOf(List<PendingItem> items)
    {
        int units = 0;
        foreach (PendingItem item in items)
        {
            units += item.CapacityUnits;
        }

        return units;
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
                ledger.Settle(item.Index, item.OutcomeWhenStored);
                accepted++;
            }
        }

        if (accepted > 0)
        {
            Interlocked.Add(ref _accepted, accepted);
            onProgress();
        }

        if (back.Count == 0)
        {
            _pacer.Admitted(UnitsOf(batch));
            return;
        }

        _pacer.Throttled(UnitsOf(batch) - UnitsOf(back));
        Return(back);
    }

    // One at a time: the first refused batch tells whether the fault is an item's or the table's.
    private async Task IsolateAsync(List<PendingItem> refused, TableFault fault)
    {
        await _isolating.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_stop.IsCancellationRequested)
            {
                Return(refused);
                return;
            }

            PoisonIsolation.Found found = await _isolation.BisectAsync(refused, () => _stop.IsCancellationRequested, SendAsync, Return, StopUnlessOver).ConfigureAwait(false);
            Fail(found.NotIsolated, CauseOf(fault) with { Reason = StoreProblemReason.BatchRefused });
            bool nothingStored = refused.Count > 1 && found.Poison.Count == refused.Count && !IsTableBeyondDoubt(found.Poison);
            FailureCause cause = nothingStored ? CauseOf(fault) with { Reason = StoreProblemReason.TableMismatch } : CauseOf(fault);
            Fail(found.Poison, cause);
            if (nothingStored)
            {
                Stop(cause);
            }
        }
        finally
        {
            _isolating.Release();
        }
    }

    // A record that this call has stored, has found there, or may have stored shows that the table takes records.
    private bool IsTableBeyondDoubt(List<PendingItem> refused) =>
        ledger.Stored > 0 || Volatile.Read(ref _underWay) > 0 || refused.Exists(static item => item.MayBeStored);

    // The end of the call is no fault of the table's.
    private void StopUnlessOver(TableFault permanent)
    {
        if (!gateway.Scope.IsOver)
        {
            Stop(CauseOf(permanent));
        }
    }

    private void Return(List<PendingItem> batch)
    {
        lock (_gate)
        {
            foreach (PendingItem item in batch)
            {
                _pool.Enqueue(item);
            }
        }
    }

    private void Stop(FailureCause cause)
    {
        lock (_gate)
        {
            if (Stopped is not null)
            {
                return;
            }

            Stopped = cause;
        }

        _stop.Cancel();
    }

    private FailureCause CauseOf(TableFault? fault) => new(FaultReasons.OfWrite(fault), fault, "BatchWriteItem", partition.Table);

    private void Fail(List<PendingItem> items, FailureCause cause)
    {
        foreach (PendingItem item in items)
        {
            ledger.Fail(item, cause);
        }
    }

    private void FailRest()
    {
        FailureCause cause = Stopped ?? new FailureCause(gateway.Scope.EndReason);
        while (_pool.TryDequeue(out PendingItem? item))
        {
            ledger.Fail(item, cause);
        }
    }
}
