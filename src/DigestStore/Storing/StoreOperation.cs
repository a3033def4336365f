using DigestStore.Configuration;
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

    // The last stored copy of each id, for streams: an id that comes again is looked up again.
    private readonly IdIndex _stored = new();
    private readonly string _correlationId;
    private bool _isMarked;
    private StoreProblemReason? _stopped;
    private string? _stopMessage;

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
            // A collection is copied before the call returns.
            _ahead = _input.NextAsync();
            while (await ArriveAsync(_ahead).ConfigureAwait(false) is { } window)
            {
                // A stream is read ahead while its last window is under way.
                (_held, _ahead) = (window, Task.FromResult<Window?>(null));
                _ahead = window.IsLast ? _ahead : _input.NextAsync();
                await StoreAsync(window).ConfigureAwait(false);
                await _spill.TakeAsync(window.Items, _state.Header?.NextOrdinal ?? 0).ConfigureAwait(false);
                _held = null;
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
                _ledger.FailUnsettled(window.Items, StoreProblemReason.InternalError);
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

        if (_stopped is { } reason)
        {
            _ledger.Problem(StoreProblemReason.HeaderNotWritten, ProblemMessages.Of(StoreProblemReason.HeaderNotWritten) + $" Cause: {reason}.");
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
                _ledger.Settle(item.Index, DigestItemOutcome.Skipped);
                item.Failure = StoreProblemReason.Disabled;
            }

            return;
        }

        if (_scope.IsOver || _stopped is not null)
        {
            StoreProblemReason unsent = _scope.IsCanceledByCaller ? StoreProblemReason.Canceled : StoreProblemReason.DeadlineExceeded;
            Fail(window.Items, _stopped ?? unsent, _stopMessage);
            return;
        }

        Task<TableFault?> load = _state.LoadAsync(window.Items, _stored);
        HashWhile(load, window);
        if (await load.ConfigureAwait(false) is { } fault)
        {
            StoreProblemReason reason = FaultReasons.OfCompare(fault);
            Stop(reason, ProblemMessages.Of(reason, fault, _state.Action, _partition.Table));
            Fail(window.Items, reason, _stopMessage);
            return;
        }

        if (MustMark(window) && await HeaderWriter.MarkAsync(_gateway, _partition, _state, _correlationId).ConfigureAwait(false) is { } unmarked)
        {
            StoreProblemReason reason = FaultReasons.OfCompare(unmarked);
            Stop(reason, ProblemMessages.Of(reason, unmarked, "UpdateItem", _partition.Table));
            Fail(window.Items, reason, _stopMessage);
            return;
        }

        _isMarked = true;
        await _writer.WriteAsync(Compare(window)).ConfigureAwait(false);
        if (_writer.Stopped is { } stopped)
        {
            Stop(stopped, ProblemMessages.Of(stopped, _writer.StopFault, "BatchWriteItem", _partition.Table));
        }

        Remember(window);
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
        !_isMarked && _state.Header is not { IsNewer: true } && !_state.IsHeaderExpired &&
        (_state.IsMixed ? !string.Equals(_state.Header?.IdRules, _state.IdRulesToWrite, StringComparison.Ordinal) : !window.IsLast && _state.Header is null);

    // Leaves what has to be written; settles the rest.
    private List<PendingItem> Compare(Window window)
    {
        DateTimeOffset now = _scope.Time.GetUtcNow();
        var toWrite = new List<PendingItem>(window.Items.Count);
        foreach (PendingItem item in window.Items)
        {
            ItemRecord? there = _state.Find(item.Id);
            if (there is { State: RecordState.Newer })
            {
                _ledger.Fail(item, StoreProblemReason.NewerSchema);
                continue;
            }

            DigestItemId newId = ItemComparison.IsNew(there, now) ? _state.IdForNew(item.Id, there) : item.Id;
            item.Write = ItemComparison.Decide(item, there, newId, _state.Header?.NextOrdinal ?? 0, now, _settings, out DigestItemOutcome outcome);
            item.OutcomeWhenStored = outcome;
            if (outcome == DigestItemOutcome.Rejected)
            {
                _ledger.Reject(item.Index, item.Id, item.Content.Source, StoreProblemReason.Superseded);
            }
            else if (item.Write is null)
            {
                _ledger.Settle(item.Index, outcome);
            }
            else if (item.Size + (item.Write.Unknown?.Size ?? 0) > Schema.MaxItemBytes)
            {
                _ledger.Reject(item.Index, item.Id, item.Content.Source, StoreProblemReason.ItemTooLarge);
            }
            else
            {
                item.WireBytes = WireSize.Of(item.Content, item.Size, item.Write.Unknown);
                toWrite.Add(item);
            }
        }

        return toWrite;
    }

    // A copy that was stored earlier in this call has now given way to a later one.
    private void Remember(Window window)
    {
        if (window is { IsLast: true } && _stored.Count == 0)
        {
            return;
        }

        foreach (PendingItem item in window.Items)
        {
            if (!_ledger.IsStored(item.Index))
            {
                continue;
            }

            if (_stored.TryGet(item.Id, out int earlier))
            {
                _ledger.GiveWay(earlier, item);
            }

            _stored.Set(item.Id, item.Index);
        }
    }

    private void Stop(StoreProblemReason reason, string message) => (_stopped, _stopMessage) = (reason, message);

    private void Fail(IReadOnlyList<PendingItem> items, StoreProblemReason reason, string? message)
    {
        foreach (PendingItem item in items)
        {
            _ledger.Fail(item, reason, message);
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
