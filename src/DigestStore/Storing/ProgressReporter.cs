using DigestStore.Calls;

namespace DigestStore.Storing;

// Tells the caller how far the call has come. One report is made at a time, with the newest numbers, and the call does not wait for it.
internal sealed class ProgressReporter(IProgress<StoreProgress>? progress, StoreLedger ledger, CallScope scope, Action<Exception> onFirstFailure)
{
    private static readonly TimeSpan LastReportTime = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task _reporting = Task.CompletedTask;
    private bool _isScheduled;
    private bool _isLast;
    private int _failures;

    public void Report(bool isLast)
    {
        if (progress is null)
        {
            return;
        }

        lock (_lock)
        {
            _isLast |= isLast;
            if (!_isScheduled)
            {
                _isScheduled = true;
                _reporting = _reporting.ContinueWith(_ => ReportNow(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    public Task FinishAsync() => _reporting.IsCompleted ? Task.CompletedTask : WaitForLastReportAsync();

    private async Task WaitForLastReportAsync()
    {
        try
        {
            await _reporting.WaitAsync(LastReportTime, scope.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            // The caller's IProgress hangs. The call ends without it.
            AbandonedTasks.Observe(_reporting);
            TellFirstFailure(exception);
        }
    }

    private void ReportNow()
    {
        bool isLast;
        lock (_lock)
        {
            (_isScheduled, isLast) = (false, _isLast);
        }

        try
        {
            progress!.Report(ledger.Progress(scope, isLast ? ledger.Received : null));
        }
        catch (Exception exception)
        {
            // An error of the caller's IProgress is no reason to lose a digest.
            TellFirstFailure(exception);
        }
    }

    // An IProgress that fails once will fail often, and one log line is enough.
    private void TellFirstFailure(Exception exception)
    {
        if (Interlocked.Increment(ref _failures) == 1)
        {
            onFirstFailure(exception);
        }
    }
}
