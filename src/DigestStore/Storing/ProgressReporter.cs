using DigestStore.Calls;

namespace DigestStore.Storing;

// Tells the caller how far the store has come: one report at a time, the newest only, and never on the store's own time.
internal sealed class ProgressReporter(IProgress<StoreProgress>? progress, StoreLedger ledger, CallScope scope, Action<Exception> onFailure)
{
    private static readonly TimeSpan LastReportTime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task _reporting = Task.CompletedTask;
    private bool _isWanted;
    private bool _isLast;
    private int _failures;

    public void Report(bool isLast)
    {
        if (progress is null)
        {
            return;
        }

        lock (_gate)
        {
            _isLast |= isLast;
            if (!_isWanted)
            {
                _isWanted = true;
                _reporting = _reporting.ContinueWith(_ => Tell(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    public Task FinishAsync() => _reporting.IsCompleted ? Task.CompletedTask : LastReportAsync();

    // A display that hangs is left behind.
    private async Task LastReportAsync()
    {
        try
        {
            await _reporting.WaitAsync(LastReportTime, scope.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            AbandonedTasks.Observe(_reporting);
            Failed(exception);
        }
    }

    private void Tell()
    {
        bool isLast;
        lock (_gate)
        {
            (_isWanted, isLast) = (false, _isLast);
        }

        try
        {
            progress!.Report(ledger.Progress(scope, isLast ? ledger.Received : null));
        }
        catch (Exception exception)
        {
            // The caller's own display is no reason to lose a digest.
            Failed(exception);
        }
    }

    // Told once, however often it fails.
    private void Failed(Exception exception)
    {
        if (Interlocked.Increment(ref _failures) == 1)
        {
            onFailure(exception);
        }
    }
}
