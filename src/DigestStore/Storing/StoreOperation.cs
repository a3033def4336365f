using DigestStore.Calls;
using DigestStore.Faults;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// One store call. RunAsync has its eight steps. A collection is one window of items; a stream is stored window by window.
internal sealed class StoreOperation
{
    private readonly StoreContext _context;
    private readonly TableGateway _gateway;
    private readonly IItemInput _input;
    private readonly StoredState _state;
    private readonly WindowComparison _comparison;
    private readonly WrittenCopies _written;
    private readonly HeaderWriter _header;
    private readonly DeadLetterWriter _deadLetters;
    private readonly ProgressReporter _progress;

    // The reason why the call has to stop; null while it can go on. Once it is set, further items fail without a request.
    private FailureCause? _stopCause;

    // The window that is being stored. After a defect of the library, its unsettled items still go to the dead-letter sink.
    private Window? _current;

    // The window that is prepared while the current one is stored.
    private Task<Window?> _next = Task.FromResult<Window?>(null);

    public StoreOperation(StoreContext context, TableGateway gateway, Func<StoreContext, ItemPreparer, IItemInput> inputOf, DeadLetterWriter deadLetters, IProgress<StoreProgress>? progress)
    {
        (_context, _gateway, _deadLetters) = (context, gateway, deadLetters);
        _progress = new ProgressReporter(
            progress, context.Ledger, context.Scope, exception => context.Telemetry.Log.ProgressFailed(context.Partition, exception, context.CorrelationId));
        _state = new StoredState(gateway, context.Settings, context.Partition);
        _comparison = new WindowComparison(context, _state, deadLetters.HasSink);
        _written = new WrittenCopies(context.Ledger);
        _header = new HeaderWriter(context, gateway, _state);
        var preparer = new ItemPreparer(context.Settings, context.Ledger, context.Partition.Date, context.Scope.StartedAt);
        _input = inputOf(context, preparer);

        // A stream need not read ahead, because its windows are filled while others are stored.
        preparer.OnMoreThanFew = _input.IsStream || !context.Options.Enabled ? null : _state.ReadAhead;
    }

    // The eight steps. Items that fail in any of them go to the dead-letter sink.
    public async Task<StoreResult> RunAsync()
    {
        using var writer = new BatchWriter(_context, _gateway, OnItemsWritten);
        try
        {
            // Steps 1 to 3: validate, identify, deduplicate. The references of a collection are copied before this method first awaits, so
            // that the caller may change its list as soon as it has the task.
            _next = _input.NextAsync();
            while (await NextWindowAsync().ConfigureAwait(false) is { } window)
            {
                // Step 4: compare with what the table holds. The answer is null when nothing may be written.
                if (await CompareAsync(window).ConfigureAwait(false) is { } changed)
                {
                    // Steps 5 and 6: pack what is new or changed into batches, and write them. In the order of their keys, because a table in a file
                    // then writes each of its pages once, and not once for each batch. To DynamoDB all orders are equal.
                    changed.Sort(static (one, other) => one.Id.CompareTo(other.Id));
                    await writer.WriteAsync(changed).ConfigureAwait(false);
                    _stopCause = writer.StopCause;
                    _written.Add(window);
                }

                await HandOverFailedAsync(window).ConfigureAwait(false);
                _progress.Report(window.IsLast);
            }

            // Step 7: write the day's header.
            await _progress.FinishAsync().ConfigureAwait(false);
            await _header.WriteAsync(isComplete: _context.Ledger.Failed == 0 && _input.Error is null, _stopCause).ConfigureAwait(false);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            LogDefect(exception);
            await GuardAsync(SaveUnsettledAsync).ConfigureAwait(false);
        }
        finally
        {
            await GuardAsync(_state.EndReadAheadAsync).ConfigureAwait(false);
            await _input.DisposeAsync().ConfigureAwait(false);
        }

        // Step 8: report.
        return Report();
    }

    private async Task<Window?> NextWindowAsync()
    {
        // The time that the producer of a stream takes is the caller's own: the deadline does not count it.
        bool isTimeOfProducer = _input.IsStream && _stopCause is null;
        if (isTimeOfProducer)
        {
            _context.Scope.StopDeadline();
        }

        Window? window = await _next.ConfigureAwait(false);
        if (isTimeOfProducer)
        {
            _context.Scope.RestartDeadline();
        }

        (_current, _next) = (window, Task.FromResult<Window?>(null));
        if (window is { IsLast: false })
        {
            _next = _input.NextAsync();
        }

        return window;
    }

    // Returns the items of the window that have to be written, or null if nothing may be written. In that case every item is settled.
    private async Task<List<PendingItem>?> CompareAsync(Window window)
    {
        if (window.Items.Count == 0)
        {
            return null;
        }

        if (!_context.Options.Enabled)
        {
            foreach (PendingItem item in window.Items)
            {
                _context.Ledger.SettleUnsent(item, StoreProblemReason.Disabled);
            }

            return null;
        }

        if (_context.Scope.IsOver || _stopCause is not null)
        {
            Fail(window, _stopCause ?? new FailureCause(_context.Scope.EndReason));
            return null;
        }

        TableReply? failed = await _state.LoadAsync(window, _written.Ids).ConfigureAwait(false) ?? await _header.SaveIdRulesIfNeededAsync(window.IsLast).ConfigureAwait(false);
        if (failed is { Fault: { } fault })
        {
            _stopCause = new FailureCause(FaultReasons.OfCompare(fault), fault, failed.Operation, _context.Partition.Table);
            Fail(window, _stopCause);
            return null;
        }

        return _comparison.Compare(window);
    }

    private void OnItemsWritten()
    {
        if (_input.IsStream)
        {
            _context.Scope.RestartDeadline();
        }

        _progress.Report(isLast: false);
    }

    private void Fail(Window window, FailureCause cause)
    {
        foreach (PendingItem item in window.Items)
        {
            // The item was not compared, but this call may itself have written an earlier copy of it.
            item.Known = _written.KnownOf(item);
            _context.Ledger.Fail(item, cause);
        }
    }

    // All letters of a window, those of its unprepared items included, share the time that is reserved for the sink.
    private async Task HandOverFailedAsync(Window window)
    {
        long started = _context.Scope.Time.GetTimestamp();
        await _deadLetters.TakeAsync(window.Items, _state.NextOrdinal, started).ConfigureAwait(false);
        _current = null;
        if (window.Unprepared is not { } unprepared)
        {
            return;
        }

        if (_context.Options is { Enabled: false, WhenDisabled: DisabledItems.Drop })
        {
            _context.Ledger.FailRest(StoreProblemReason.Disabled);
            return;
        }

        StoreProblemReason reason = _context.Options.Enabled ? _context.Scope.EndReason : StoreProblemReason.Disabled;
        await unprepared.SettleAsync(_context, _deadLetters, reason, _state.NextOrdinal, started).ConfigureAwait(false);
    }

    // After a defect of the library: what was taken from the caller still goes to the dead-letter sink, so that it can be replayed.
    private async Task SaveUnsettledAsync()
    {
        _input.Abandon();
        await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (Window? window in (Window?[])[_current, _next.IsCompletedSuccessfully ? await _next.ConfigureAwait(false) : null])
        {
            if (window is not null)
            {
                _context.Ledger.FailUnsettled(window.Items, new FailureCause(StoreProblemReason.InternalError));
                _written.Add(window);
                await _deadLetters.TakeAsync(window.Items, _state.NextOrdinal).ConfigureAwait(false);
            }
        }
    }

    // A defect of the library is logged, and the call goes on to its report: StoreAsync throws nothing for it.
    private async Task GuardAsync(Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            LogDefect(exception);
        }
    }

    private void LogDefect(Exception exception) => _context.Telemetry.Log.StoreBroke(_context.Partition, exception, _context.CorrelationId);

    private StoreResult Report()
    {
        _context.Ledger.FailRest(StoreProblemReason.InternalError);
        if (_input.Error is not null)
        {
            _context.Ledger.Problem(StoreProblemReason.InputBrokeOff);
        }

        if (_deadLetters.HasLost)
        {
            _context.Ledger.Problem(StoreProblemReason.DeadLettersNotWritten);
        }

        return _context.Ledger.ToResult(_context.Scope, _context.CorrelationId, _input.Error, _deadLetters.Taken, disabled: !_context.Options.Enabled);
    }
}
