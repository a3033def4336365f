using DigestStore.Resilience;

namespace DigestStore.Storing;

// A stream becomes windows of bounded count and size; a slow producer's window closes after a short wait.
internal sealed class StreamInput(IAsyncEnumerable<DigestItem> items, Intake intake, CallScope scope, int windowItems, int batchItems) : IItemInput
{
    private const long WindowBytes = 32 * 1024 * 1024;

    // Copies and invalid items take no place in a window, but they must not keep it open for ever.
    private const int MaxSeenPerWindow = 8;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    // Less than a batch waits longer for company: every window costs two requests at least.
    private static readonly TimeSpan LongLinger = TimeSpan.FromSeconds(10);

    private IAsyncEnumerator<DigestItem>? _enumerator;
    private Task<bool>? _next;
    private bool _ended;

    public Exception? Error { get; private set; }

    public bool IsStream => true;

    public async Task<Window?> NextAsync()
    {
        if (_ended)
        {
            return null;
        }

        try
        {
            _enumerator ??= items.GetAsyncEnumerator(scope.Ended);

            // Ends with the input, a full window, or the call.
            while (intake.Count < windowItems && intake.Seen < MaxSeenPerWindow * windowItems && intake.Bytes < WindowBytes)
            {
                _next ??= _enumerator.MoveNextAsync().AsTask();
                if (!_next.IsCompleted && !await ArrivesAsync(_next).ConfigureAwait(false))
                {
                    return intake.Close(isLast: false);
                }

                bool hasItem = await _next.ConfigureAwait(false);
                _next = null;
                if (!hasItem)
                {
                    _ended = true;
                    break;
                }

                intake.Add(_enumerator.Current);
                if (scope.IsOver)
                {
                    EndEarly();
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (scope.IsOver)
        {
            EndEarly();
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            (_ended, Error, _next) = (true, exception, null);
        }

        return intake.Close(_ended);
    }

    public async ValueTask DisposeAsync()
    {
        if (_enumerator is null)
        {
            return;
        }

        if (_next is { IsCompleted: false })
        {
            // The producer ignores its token: it is disposed when it comes back, not while it runs.
            _ = _next.ContinueWith(
                late =>
                {
                    _ = late.Exception;
                    return DisposeQuietlyAsync();
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            return;
        }

        Task disposing = DisposeQuietlyAsync();
        try
        {
            await disposing.WaitAsync(Linger, scope.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The items are handled; a clean-up that hangs is left behind.
            TableGateway.Observe(disposing);
        }
    }

    // False when the window has something and the producer lets it wait.
    private async Task<bool> ArrivesAsync(Task<bool> next)
    {
        if (intake.Count == 0)
        {
            await next.WaitAsync(scope.Ended).ConfigureAwait(false);
            return true;
        }

        try
        {
            await next.WaitAsync(intake.Count < batchItems ? LongLinger : Linger, scope.Time, scope.Ended).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException) when (!next.IsCompleted)
        {
            return false;
        }
    }

    private void EndEarly()
    {
        _ended = true;
        Error = InputErrors.EndedEarly(scope);
    }

    private async Task DisposeQuietlyAsync()
    {
        try
        {
            await _enumerator!.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller's own clean-up failed after its items were handled; there is no outcome to change.
        }
    }
}
