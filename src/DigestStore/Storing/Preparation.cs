using DigestStore.Calls;

namespace DigestStore.Storing;

// Items that are there already become one window: they are looked at off the caller's thread, and no longer than the call lasts.
internal sealed class Preparation(Intake intake, CallScope scope, int count, Func<int, PreparedItem> prepare)
{
    // A few milliseconds. So a call that is over before it began still says of each item of an ordinary digest what is wrong with it.
    public const int AlwaysLookedAt = 1_000;

    // For code of the caller's that blocks, in the lists of an item: so long is waited for it after the end of the call.
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private int _next;
    private bool _isLeftBehind;

    public async Task<Window?> RunAsync()
    {
        Task looking = Task.Run(LookAtItems, CancellationToken.None);
        await looking.WaitAsync(scope.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!looking.IsCompleted)
        {
            // On the real clock: what blocks is a real thread.
            await looking.WaitAsync(Grace, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (_gate)
        {
            _isLeftBehind = true;
        }

        bool isBlocked = !looking.IsCompleted;
        if (isBlocked)
        {
            AbandonedTasks.Observe(looking);
        }
        else
        {
            await looking.ConfigureAwait(false);
        }

        Window window = intake.Close(isLast: true);
        if (_next == count)
        {
            return window;
        }

        intake.TakeUnseen(count - _next);

        // Nobody waits for the same item twice.
        return window with { Unseen = new UnseenItems(isBlocked ? _next + 1 : _next, count, prepare) };
    }

    private void LookAtItems()
    {
        lock (_gate)
        {
            if (_isLeftBehind)
            {
                return;
            }

            // Off the caller's thread, since for a million items it is 50 MB.
            intake.Expect(count);
        }

        for (int index = 0; index < count && (index < AlwaysLookedAt || !scope.IsOver); index++)
        {
            PreparedItem item = prepare(index);
            lock (_gate)
            {
                if (_isLeftBehind)
                {
                    return;
                }

                intake.Take(item);
                _next = index + 1;
            }
        }
    }
}
