using DigestStore.Calls;
using DigestStore.Faults;

namespace DigestStore.Storing;

// Divides a stream into windows of bounded count and size. When the producer is slow, a window closes after a short wait.
internal sealed class StreamInput(IAsyncEnumerable<DigestItem> items, ItemPreparer preparer, CallScope scope, int windowItems, int batchItems) : IItemInput
{
    private const long WindowBytes = 32 * 1024 * 1024;

    // Copies and invalid items do not count for the size of a window, but a stream of nothing else must not keep it open for ever.
    private const int MaxTakenPerItem = 8;
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    // A window with less than a batch waits longer for more items, because every window costs at least two requests.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(10);

    // Ends the library's own waits when the call ends, or when no further window is wanted.
    private readonly CancellationTokenSource _unwanted = CancellationTokenSource.CreateLinkedTokenSource(scope.Ended);

    // The producer's token. Callbacks that the producer registers with it may block, so they must not run on the thread that ends the call.
    private readonly CancellationTokenSource _producing = new();

    // Guards the window between the producer's thread and the call, which may end while that thread runs code of the caller. No such code
    // runs under this lock.
    private readonly Lock _lock = new();
    private IAsyncEnumerator<DigestItem>? _enumerator;
    private Task _filling = Task.CompletedTask;
    private Task<bool>? _next;
    private bool _ended;
    private bool _isAbandoned;

    public Exception? Error { get; private set; }

    public bool IsStream => true;

    public async Task<Window?> NextAsync()
    {
        if (_ended)
        {
            return null;
        }

        // A producer may block, or need the caller's thread. Neither the caller nor the end of the call may have to wait for it.
        _filling = Task.Run(FillAsync, CancellationToken.None);
        try
        {
            await _filling.WaitAsync(_unwanted.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_unwanted.IsCancellationRequested)
        {
            Abandon();
        }

        return preparer.Close(_ended);
    }

    public void Abandon()
    {
        lock (_lock)
        {
            _isAbandoned = true;
            End(scope.IsOver ? InputErrors.EndedEarly(scope.EndReason) : InputErrors.Broken());
        }

        AbandonedTasks.Observe(_producing.CancelAsync());
        _unwanted.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_filling.IsCompleted || _next is { IsCompleted: false })
        {
            Abandon();
            _ = DisposeLaterAsync();
            return;
        }

        Task disposing = Task.Run(DisposeQuietlyAsync, CancellationToken.None);
        try
        {
            await disposing.WaitAsync(ShortWait, scope.Time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // All items have their outcome, so the call does not wait for a clean-up that hangs.
            AbandonedTasks.Observe(disposing);
        }
    }

    private async Task FillAsync()
    {
        try
        {
            _enumerator ??= items.GetAsyncEnumerator(_producing.Token) ?? throw InputErrors.NoEnumerator();

            // The loop ends with the input, with a full window, or with the call.
            while (preparer.Count < windowItems && preparer.Taken < MaxTakenPerItem * windowItems && preparer.Bytes < WindowBytes)
            {
                _next ??= _enumerator.MoveNextAsync().AsTask();
                if (!_next.IsCompleted && !await ArrivesAsync(_next).ConfigureAwait(false))
                {
                    return;
                }

                bool hasItem = await _next.ConfigureAwait(false);
                _next = null;
                if (!Take(hasItem ? preparer.Prepare(_enumerator.Current) : null))
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

    // Returns false if the window takes no more. An item that comes after the input was abandoned does not belong to the call any more.
    private bool Take(PreparedItem? item)
    {
        lock (_lock)
        {
            if (_isAbandoned)
            {
                return false;
            }

            if (item is not { } prepared)
            {
                _ended = true;
                return false;
            }

            preparer.Take(prepared);
            if (scope.IsOver)
            {
                End(InputErrors.EndedEarly(scope.EndReason));
            }

            return !_ended;
        }
    }

    private void End(Exception error)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                (_ended, Error) = (true, error);
            }
        }
    }

    // Returns false if the window has items and the producer takes too long for the next one.
    private async Task<bool> ArrivesAsync(Task<bool> next)
    {
        if (preparer.Count == 0)
        {
            await next.WaitAsync(_unwanted.Token).ConfigureAwait(false);
            return true;
        }

        try
        {
            await next.WaitAsync(preparer.Count < batchItems ? LongWait : ShortWait, scope.Time, _unwanted.Token).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException) when (!next.IsCompleted)
        {
            return false;
        }
    }

    // The producer blocks or ignores its token. It must not be disposed of while it runs, so that is done when it comes back.
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
            // The caller's clean-up failed after all items had their outcome, so none changes.
        }
    }
}
