using System.Runtime.InteropServices;
using DigestStore.Calls;
using DigestStore.Faults;

namespace DigestStore.Storing;

// The references of a collection. Of an array or a List they are copied at once. Anything else is the caller's code, which may block:
// it runs on a thread of the pool, in the flow of the caller, who waits for it no longer than the call lasts.
internal sealed class CollectionCopy
{
    // What is in memory already is read also when the call is over. So are the first items of anything else, when the call was over before
    // it began: a disposed repository still says of each of them what became of it.
    private static readonly TimeSpan TimeWhenOver = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan TimeToCleanUp = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AMoment = TimeSpan.FromMilliseconds(20);

    private readonly IEnumerable<DigestItem> _items;
    private readonly CallScope _scope;
    private readonly int _maxItems;
    private readonly int? _count;
    private readonly bool _wasOver;
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cleanedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Between the thread that reads and the caller, who may have left: none of the caller's code under it.
    private readonly Lock _gate = new();
    private readonly List<DigestItem?> _copy;
    private Exception? _error;
    private bool _isLeftBehind;
    private int _hasStarted;

    private CollectionCopy(IEnumerable<DigestItem> items, CallScope scope, int maxItems)
    {
        (_items, _scope, _maxItems, _wasOver) = (items, scope, maxItems, scope.IsOver);
        _count = CountOf(items);
        _copy = new List<DigestItem?>(Math.Clamp(_count ?? 0, 0, maxItems));
    }

    public static List<DigestItem?> Of(IEnumerable<DigestItem> items, CallScope scope, int maxItems, out Exception? error)
    {
        try
        {
            if (items is DigestItem?[] array)
            {
                return Of(array, maxItems, out error);
            }

            if (items.GetType() == typeof(List<DigestItem?>))
            {
                return Of(CollectionsMarshal.AsSpan((List<DigestItem?>)items), maxItems, out error);
            }
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            // Another thread changes the list.
            error = exception;
            return [];
        }

        var copy = new CollectionCopy(items, scope, maxItems);
        copy.Wait();
        error = copy._error;
        return copy._copy;
    }

    private static List<DigestItem?> Of(ReadOnlySpan<DigestItem?> items, int maxItems, out Exception? error)
    {
        error = items.Length > maxItems ? InputErrors.TooMany(maxItems) : null;
        var copy = new List<DigestItem?>(Math.Min(items.Length, maxItems));
        copy.AddRange(items[..Math.Min(items.Length, maxItems)]);
        return copy;
    }

    // A hint only: it may lie, or throw.
    private static int? CountOf(IEnumerable<DigestItem> items)
    {
        try
        {
            return items.TryGetNonEnumeratedCount(out int count) ? count : null;
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            return null;
        }
    }

    private void Wait()
    {
        _ = Task.Run(Start);
        // The pool may have no thread that is free.
        if (!_read.Task.Wait(AMoment) && Volatile.Read(ref _hasStarted) == 0)
        {
            _ = Task.Factory.StartNew(Start, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        if (!EndsBefore(_read.Task, _scope.Ended) && ((_count is null && !_wasOver) || !_read.Task.Wait(TimeWhenOver)))
        {
            LeaveBehind();
        }
        else if (!_cleanedUp.Task.IsCompleted)
        {
            WaitForCleanUp();
        }

        if (_error is { } fatal && Fatal.Is(fatal))
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fatal);
        }
    }

    // What the caller's enumerator holds is free again when the call returns, unless its clean-up takes long.
    private void WaitForCleanUp()
    {
        try
        {
            _cleanedUp.Task.Wait((int)TimeToCleanUp.TotalMilliseconds, _scope.Ended);
        }
        catch (OperationCanceledException)
        {
            // Ordinary code is done in no time, also when the call is over.
            _cleanedUp.Task.Wait(AMoment);
        }
    }

    private static bool EndsBefore(Task task, CancellationToken end)
    {
        try
        {
            task.Wait(end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return task.IsCompleted;
        }
    }

    private void LeaveBehind()
    {
        lock (_gate)
        {
            _isLeftBehind = true;
            _error ??= InputErrors.EndedEarly(_scope.EndReason);
        }
    }

    // Whichever thread is first.
    private void Start()
    {
        if (Interlocked.Exchange(ref _hasStarted, 1) != 0)
        {
            return;
        }

        IEnumerator<DigestItem>? enumerator = null;
        try
        {
            enumerator = _items.GetEnumerator();
            Read(enumerator ?? throw InputErrors.NoEnumerator());
        }
        catch (Exception exception)
        {
            End(exception);
        }

        _read.SetResult();
        CleanUp(enumerator);
        _cleanedUp.SetResult();
    }

    private void Read(IEnumerator<DigestItem> enumerator)
    {
        // Ends with the input, at the limit, or with the call.
        while (enumerator.MoveNext())
        {
            bool isReadAnyway = _copy.Count < _count || (_wasOver && _copy.Count < Preparation.AlwaysLookedAt);
            if (!isReadAnyway && _scope.IsOver)
            {
                End(InputErrors.EndedEarly(_scope.EndReason));
                return;
            }

            if (_copy.Count == _maxItems)
            {
                End(InputErrors.TooMany(_maxItems));
                return;
            }

            DigestItem? item = enumerator.Current;
            lock (_gate)
            {
                if (_isLeftBehind)
                {
                    return;
                }

                _copy.Add(item);
            }
        }
    }

    private void End(Exception error)
    {
        lock (_gate)
        {
            _error ??= error;
        }
    }

    private static void CleanUp(IEnumerator<DigestItem>? enumerator)
    {
        try
        {
            enumerator?.Dispose();
        }
        catch (Exception)
        {
            // The caller's own clean-up failed after its items were read; there is no outcome to change.
        }
    }
}
