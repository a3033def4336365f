using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Storing;

// One store, step by step.
internal sealed class StoreOperation : IAsyncDisposable
{
    private readonly StoreSettings _settings;
    private readonly Partition _partition;
    private readonly CallScope _scope;
    private readonly StoreLedger _ledger;
    private readonly IItemInput _input;
    private readonly Spill _spill;
    private readonly ProgressReporter _progress;
    private readonly TableGateway _gateway;
    private readonly StoredState _state;
    private readonly BatchWriter _writer;

    // The last copy of each id that this call has stored, or may have, for streams: an id that comes again is looked up again.
    private readonly IdIndex _written = new();

    // What this call has done to an id whose newest copy only may be stored: the next copy that is stored tells of it.
    private readonly Dictionary<DigestItemId, DigestItemOutcome> _owed = [];
    private readonly string _correlationId;
    private bool _isMarked;
    private FailureCause? _stopped;

    // What no letter has been written of yet.
    private Window? _held;
    private Task<Window?> _ahead = Task.FromResult<Window?>(null);

    public StoreOperation(
        StoreSettings settings, IDigestTable table, CircuitBreaker breaker, Partition partition, CallScope scope, StoreLedger ledger, IItemInput input, Spill spill, ProgressReporter progress, string correlationId, Instruments instruments)
    {
        (_settings, _partition, _scope, _ledger, _input, _spill, _progress, _correlationId) = (settings, partition, scope, ledger, input, spill, progress, correlationId);
        _gateway = new TableGateway(table, scope, settings, breaker, instruments);
        _state = new StoredState(_gateway, settings, partition);
        _writer = new BatchWriter(_gateway, settings.Options, partition, ledger, Progressed);
    }

    public async Task RunAsync()
    {
        try
        {
            // The references of a collection are copied before the call returns.
            _ahead = _input.NextAsync();
            while (await ArriveAsync(_ahead).ConfigureAwait(false) is { } window)
            {
                // A stream is read ahead while its last window is under way.
                (_held, _ahead) = (window, Task.FromResult<Window?>(null));
                _ahead = window.IsLast ? _ahead : _input.NextAsync();
                await StoreAsync(window).ConfigureAwait(false);
                long handingOver = _scope.Time.GetTimestamp();
                await _spill.TakeAsync(window.Items, _state.Header?.NextOrdinal ?? 0, handingOver).ConfigureAwait(false);
                _held = null;
                await SettleUnseenAsync(window, handingOver).ConfigureAwait(false);
                _progress.Report(window.IsLast);
            }

            await _progress.FinishAsync().ConfigureAwait(false);
            await WriteHeaderAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            await SaveRestAsync().ConfigureAwait(false);
            throw;
        }
    }

    // More than a few items are there, and more may come: what they will be compared with is asked for already.
    public void ReadAhead()
    {
        if (_settings.Options.Enabled)
        {
            _state.ReadAhead();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _state.LeaveAsync().ConfigureAwait(false);
        _writer.Dispose();
    }

    // After an error of our own: what was taken from the caller is kept for a replay all the same.
    private async Task SaveRestAsync()
    {
        _input.LeaveBehind();
        await ((Task)_ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (Window? window in (Window?[])[_held, _ahead.IsCompletedSuccessfully ? await _ahead.ConfigureAwait(false) : null])
        {
            if (window is not null)
            {
                _ledger.FailUnsettled(window.Items, new FailureCause(StoreProblemReason.InternalError));
                await _spill.TakeAsync(window.Items, _state.Header?.NextOrdinal ?? 0).ConfigureAwait(false);
            }
        }
    }

    private Task WriteHeaderAsync()
    {
        if (_ledger.Stored == 0)
        {
            return Task.CompletedTask;
        }

        if (_stopped is { } stopped)
        {
            _ledger.Problem(StoreProblemReason.HeaderNotWritten, ProblemMessages.Of(StoreProblemReason.HeaderNotWritten) + $" Cause: {stopped.Reason}.");
            return Task.CompletedTask;
        }

        bool isComplete = _ledger.Failed == 0 && _input.Error is null;
        return HeaderWriter.WriteAsync(_gateway, _settings, _partition, _state, _ledger, _correlationId, isComplete);
    }

    private Task<Window?> ArriveAsync(Task<Window?> next) => !_input.IsStream || _stopped is not null ? next : ProducedAsync(next);

    private async Task<Window?> ProducedAsync(Task<Window?> next)
    {
        _scope.Suspend();
        Window? window = await next.ConfigureAwait(false);
        _scope.Extend();
        return window;
    }

    private async Task StoreAsync(Window window)
    {
        if (window.Items.Count == 0)
        {
            return;
        }

        if (!_settings.Options.Enabled)
        {
            foreach (PendingItem item in window.Items)
            {
                _ledger.SettleUnsent(item, StoreProblemReason.Disabled);
            }

            return;
        }

        if (_scope.IsOver || _stopped is not null)
        {
            Fail(window.Items, _stopped ?? new FailureCause(_scope.EndReason));
            return;
        }

        Task<TableFault?> load = _state.LoadAsync(window.Items, _written);
        HashWhile(load, window);
        if (await load.ConfigureAwait(false) is { } fault)
        {
            Stop(window, fault, _state.Action);
            return;
        }

        if (MustMark(window) && await HeaderWriter.MarkAsync(_gateway, _partition, _state).ConfigureAwait(false) is { } unmarked)
        {
            Stop(window, unmarked, "UpdateItem");
            return;
        }

        _isMarked = true;
        try
        {
            await _writer.WriteAsync(Compare(window)).ConfigureAwait(false);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // What may be stored ends the claims of earlier copies, also when the library itself breaks.
            _ledger.FailUnsettled(window.Items, new FailureCause(StoreProblemReason.InternalError));
            Remember(window);
            throw;
        }

        _stopped = _writer.Stopped;
        Remember(window);
    }

    private Task SettleUnseenAsync(Window window, long handingOver)
    {
        if (window.Unseen is not { } unseen)
        {
            return Task.CompletedTask;
        }

        if (_settings.Options is { Enabled: false, WhenDisabled: DisabledItems.Drop })
        {
            _ledger.FailRest(StoreProblemReason.Disabled);
            return Task.CompletedTask;
        }

        StoreProblemReason reason = _settings.Options.Enabled ? _scope.EndReason : StoreProblemReason.Disabled;
        return unseen.SettleAsync(_ledger, _spill, _scope, reason, _state.Header?.NextOrdinal ?? 0, handingOver);
    }

    // What the answer will be compared with, made while it is on its way.
    private static void HashWhile(Task load, Window window)
    {
        foreach (PendingItem item in window.Items)
        {
            if (load.IsCompleted)
            {
                return;
            }

            _ = item.Content.ContentHash;
        }
    }

    // A day that becomes mixed, and one that a stream will take long to fill. The others are marked by the header's update at the end.
    private bool MustMark(Window window) =>
        !_isMarked && _state.Header is not { IsNewer: true } && _state.HeaderExpiredAt is null &&
        (_state.IsMixed ? !string.Equals(_state.Header?.IdRules, _state.IdRulesToWrite, StringComparison.Ordinal) : !window.IsLast && _state.Header is null);

    // Leaves what has to be written; settles the rest.
    private List<PendingItem> Compare(Window window)
    {
        DateTimeOffset now = _scope.Time.GetUtcNow();
        var toWrite = new List<PendingItem>(window.Items.Count);
        for (int index = 0; index < window.Items.Count; index++)
        {
            if (index >= Preparation.AlwaysLookedAt && _scope.IsOver)
            {
                FailFrom(window.Items, index, now);
                break;
            }

            PendingItem item = window.Items[index];

            ItemRecord? there = _state.Find(item.Id);
            if (there is { State: RecordState.Newer })
            {
                _ledger.Fail(item, new FailureCause(StoreProblemReason.NewerSchema));
                continue;
            }

            DigestItemId newId = ItemComparison.IsNew(there, now) ? _state.IdForNew(item.Id, there) : item.Id;
            if (Compare(item, there, newId, now))
            {
                toWrite.Add(item);
            }
        }

        return toWrite;
    }

    // The rest of a large collection when the call is over: a look at each is all that there is time for.
    private void FailFrom(IReadOnlyList<PendingItem> items, int first, DateTimeOffset now)
    {
        var cause = new FailureCause(_scope.EndReason);
        for (int index = first; index < items.Count; index++)
        {
            if (_spill.HasSink)
            {
                items[index].Known = ItemComparison.KnownOf(_state.Find(items[index].Id), now);
            }

            _ledger.Fail(items[index], cause);
        }
    }

    // True when the item has to be written. Ends: each round has one earlier copy less.
    private bool Compare(PendingItem item, ItemRecord? there, DigestItemId newId, DateTimeOffset now)
    {
        while (true)
        {
            item.Write = ItemComparison.Decide(item, there, newId, _state.Header?.NextOrdinal ?? 0, now, _settings, out DigestItemOutcome outcome);
            item.OutcomeWhenStored = outcome;
            if (outcome == DigestItemOutcome.Rejected)
            {
                _ledger.Reject(item.Index, item.Id, item.Content.Source, StoreProblemReason.Superseded);
                return false;
            }

            if (item.Write is null)
            {
                _ledger.Settle(item.Index, outcome);
                return false;
            }

            if (item.Size + (item.Write.Unknown?.Size ?? 0) <= Schema.MaxItemBytes)
            {
                item.Known = ItemComparison.KnownOf(there, now);
                item.WireBytes = WireSize.Of(item.Content, item.Size, item.Write.Unknown);
                return true;
            }

            // What cannot be stored takes no other copy's place.
            DigestItem tooLarge = item.Content.Source;
            _ledger.Reject(item.Index, item.Id, tooLarge, StoreProblemReason.ItemTooLarge, TooLargeMessage.Of(item.Content, item.Size, item.Write.Unknown));
            if (!item.FallBack())
            {
                return false;
            }

            _ledger.Reinstate(item.Index, tooLarge);
        }
    }

    // A copy that was stored earlier in this call has given way to a later one, and cannot be claimed any more when the later one only may
    // be stored. What may be stored is looked up again when its id comes again.
    private void Remember(Window window)
    {
        if (window is { IsLast: true } && _written.Count == 0)
        {
            return;
        }

        foreach (PendingItem item in window.Items)
        {
            if (!_ledger.IsStored(item.Index) && !item.MayBeStored)
            {
                continue;
            }

            if (_written.TryGet(item.Id, out int earlier))
            {
                DigestItemOutcome? owed = _owed.Remove(item.Id, out DigestItemOutcome done) ? done : null;
                if (_ledger.GiveWay(earlier, item, owed) is { } stillOwed)
                {
                    _owed.Add(item.Id, stillOwed);
                }
            }

            // Of a copy that only may be stored, nobody knows whether it is the content of the record.
            _written.Set(item.Id, item.Index, _ledger.IsStored(item.Index) ? HashStart.Of(item.Content.ContentHash) : IdIndex.UnknownContent);
        }
    }

    private void Stop(Window window, TableFault fault, string action)
    {
        _stopped = new FailureCause(FaultReasons.OfCompare(fault), fault, action, _partition.Table);
        Fail(window.Items, _stopped);
    }

    private void Fail(IReadOnlyList<PendingItem> items, FailureCause cause)
    {
        foreach (PendingItem item in items)
        {
            // Not compared, but this call may itself have stored an earlier copy.
            item.Known = _written.ContentOf(item.Id) is not IdIndex.UnknownContent and var start ? HashStart.Known(start, item.Content.ContentHash) : null;
            _ledger.Fail(item, cause);
        }
    }

    private void Progressed()
    {
        if (_input.IsStream)
        {
            _scope.Extend();
        }

        _progress.Report(isLast: false);
    }
}
