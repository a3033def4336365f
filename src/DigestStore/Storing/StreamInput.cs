using DigestStore.Calls;
using DigestStore.Faults;

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

    // The library's own waits; ends with the call, or when nothing more is wanted.
    private readonly CancellationTokenSource _wanted = CancellationTokenSource.CreateLinkedTokenSource(scope.Ended);

    // The producer's: what it hangs on its token may block, and must not do so where the call's end is announced.
    private readonly CancellationTokenSource _producing = new();

    // Between the producer's thread and the call, which may end while that thread is still in the caller's code: none of that under it.
    private readonly Lock _gate = new();
    private IAsyncEnumerator<DigestItem>? _enumerator;
    private Task _filling = Task.CompletedTask;
    private Task<bool>? _next;
    private bool _ended;
    private bool _isLeftBehind;

    public Exception? Error { get; private set; }

    public bool IsStream => true;

    public async Task<Window?> NextAsync()
    {
        if (_ended)
        {
            return null;
        }

        // A producer may block, or need the caller's thread; neither the caller nor the call's end is to wait for it.
        _filling = Task.Run(FillAsync, CancellationToken.None);
        try
        {
            await _filling.WaitAsync(_wanted.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_wanted.IsCancellationRequested)
        {
            LeaveBehind();
        }

        return intake.Close(_ended);
    }

    public void LeaveBehind()
    {
        lock (_gate)
        {
            _isLeftBehind = true;
            End(scope.IsOver ? InputErrors.EndedEarly(scope.EndReason) : InputErrors.Broken());
        }

        AbandonedTasks.Observe(_producing.CancelAsync());
        _wanted.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_filling.IsCompleted || _next is { IsCompleted: false })
        {
            LeaveBehind();
            _ = DisposeLaterAsync();
            return;
        }

        Task disposing = Task.Run(DisposeQuietlyAsync, CancellationToken.None);
        try
        {
            await disposing.WaitAsync(Linger, scope.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The items are handled; a clean-up that hangs is left behind.
            AbandonedTasks.Observe(disposing);
        }
    }

    private async Task FillAsync()
    {
        try
        {
            _enumerator ??= items.GetAsyncEnumerator(_producing.Token) ?? throw InputErrors.NoEnumerator();

            // Ends with the input, a full window, or the call.
            while (intake.Count < windowItems && intake.Seen < MaxSeenPerWindow * windowItems && intake.Bytes < WindowBytes)
            {
                _next ??= _enumerator.MoveNextAsync().AsTask();
                if (!_next.IsCompleted && !await ArrivesAsync(_next).ConfigureAwait(false))
                {
                    return;
                }

                bool hasItem = await _next.ConfigureAwait(false);
                _next = null;
                if (!Take(hasItem ? intake.Prepare(_enumerator.Current) : null))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (scope.IsOver)
        {
            End(InputErrors.EndedEarly(scope.EndReason));
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            _next = null;
            End(exception);
        }
    }

    // False when nothing more is wanted. What comes after the call has left is not the call's any more.
    private bool Take(PreparedItem? item)
    {
        lock (_gate)
        {
            if (_isLeftBehind)
            {
                return false;
            }

            if (item is not { } prepared)
            {
                _ended = true;
                return false;
            }

            intake.Take(prepared);
            if (scope.IsOver)
            {
                End(InputErrors.EndedEarly(scope.EndReason));
            }

            return !_ended;
        }
    }

    private void End(Exception error)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                (_ended, Error) = (true, error);
            }
        }
    }

    // False when the window has something and the producer lets it wait.
    private async Task<bool> ArrivesAsync(Task<bool> next)
    {
        if (intake.Count == 0)
        {
            await next.WaitAsync(_wanted.Token).ConfigureAwait(false);
            return true;
        }

        try
        {
            await next.WaitAsync(intake.Count < batchItems ? LongLinger : Linger, scope.Time, _wanted.Token).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException) when (!next.IsCompleted)
        {
            return false;
        }
    }

    // The producer blocks or ignores its token: it is disposed when it comes back, not while it runs.
    private async Task DisposeLaterAsync()
    {
        await _filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_next is { } next)
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await DisposeQuietlyAsync().ConfigureAwait(false);
    }

    private async Task DisposeQuietlyAsync()
    {
        try
        {
            if (_enumerator is not null)
            {
                await _enumerator.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The caller's own clean-up failed after its items were handled; there is no outcome to change.
        }
    }
}
