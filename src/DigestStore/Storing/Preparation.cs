using DigestStore.Calls;

namespace DigestStore.Storing;

// Makes one window of items that are all in memory. They are prepared on another thread than the caller's, and, with the exceptions below,
// no longer than the call lasts.
internal sealed class Preparation(ItemPreparer preparer, CallScope scope, int count, Func<int, PreparedItem> prepare)
{
    // Preparing this many items takes a few milliseconds. They are prepared even if the call was over before it began, so that its report
    // says of each item of an ordinary digest what is wrong with it.
    public const int AlwaysPrepared = 1_000;

    // The call waits this much longer than its end, because code of the caller, in the tags or the metadata of an item, may block.
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private int _next;
    private bool _isAbandoned;

    public async Task<Window?> RunAsync()
    {
        Task preparing = Task.Run(PrepareItems, CancellationToken.None);
        await preparing.WaitAsync(scope.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!preparing.IsCompleted)
        {
            // The wait uses the real clock, because what blocks is a real thread.
            await preparing.WaitAsync(Grace, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (_lock)
        {
            _isAbandoned = true;
        }

        bool isBlocked = !preparing.IsCompleted;
        if (isBlocked)
        {
            AbandonedTasks.Observe(preparing);
        }
        else
        {
            await preparing.ConfigureAwait(false);
        }

        Window window = preparer.Close(isLast: true);
        if (_next == count)
        {
            return window;
        }

        preparer.TakeUnprepared(count - _next);

        // An item that blocks now would block again, so it is not prepared a second time.
        return window with { Unprepared = new UnpreparedItems(isBlocked ? _next + 1 : _next, count, prepare) };
    }

    private void PrepareItems()
    {
        lock (_lock)
        {
            if (_isAbandoned)
            {
                return;
            }

            // For a million items this takes 50 MB, so it is not done on the caller's thread.
            preparer.EnsureCapacity(count);
        }

        for (int index = 0; index < count && (index < AlwaysPrepared || !scope.IsOver); index++)
        {
            PreparedItem item = prepare(index);
            lock (_lock)
            {
                if (_isAbandoned)
                {
                    return;
                }

                preparer.Take(item);
                _next = index + 1;
            }
        }
    }
}
