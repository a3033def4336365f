using System.Runtime.InteropServices;
using DigestStore.Calls;
using DigestStore.Faults;

namespace DigestStore.Storing;

// Copies the references to the items of a collection. An array or a List is copied directly. Any other collection runs code of the caller,
// which may block. Therefore a thread of the thread pool reads it, and the call waits for that thread only until its own end, or shortly
// after it.
internal sealed class CollectionCopy
{
    // How long reading may go on after the end of the call: for a collection that knows its count, and for the first items of any other
    // collection if the call was over before it began. So a disposed repository still reports the outcome of each item.
    private static readonly TimeSpan TimeWhenOver = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan TimeToCleanUp = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(20);

    private readonly IEnumerable<DigestItem> _items;
    private readonly CallScope _scope;
    private readonly int _maxItems;
    private readonly int? _count;
    private readonly bool _wasOver;
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cleanedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guards the copy between the thread that reads and the call, which may have given up. No code of the caller runs under this lock.
    private readonly Lock _lock = new();
    private readonly List<DigestItem?> _copy;
    private Exception? _error;
    private bool _isAbandoned;
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
            // Another thread of the caller changes the list while it is copied.
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

    // The count comes from code of the caller. It may be wrong, and it may throw.
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

        // When the thread pool has no free thread, the collection gets a thread of its own.
        if (!_read.Task.Wait(ShortWait) && Volatile.Read(ref _hasStarted) == 0)
        {
            _ = Task.Factory.StartNew(Start, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        if (!EndsBefore(_read.Task, _scope.Ended) && ((_count is null && !_wasOver) || !_read.Task.Wait(TimeWhenOver)))
        {
            Abandon();
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

    // The caller may rely on its enumerator having released its resources when the call returns, unless that takes long.
    private void WaitForCleanUp()
    {
        try
        {
            _cleanedUp.Task.Wait((int)TimeToCleanUp.TotalMilliseconds, _scope.Ended);
        }
        catch (OperationCanceledException)
        {
            // The clean-up of ordinary code takes no time, so it is waited for even though the call is over.
            _cleanedUp.Task.Wait(ShortWait);
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

    private void Abandon()
    {
        lock (_lock)
        {
            _isAbandoned = true;
            _error ??= InputErrors.EndedEarly(_scope.EndReason);
        }
    }

    // Two threads may come here. The first one reads.
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
        // The loop ends with the input, at the limit, or with the call.
        while (enumerator.MoveNext())
        {
            bool isReadAnyway = _copy.Count < _count || (_wasOver && _copy.Count < Preparation.AlwaysPrepared);
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
            lock (_lock)
            {
                if (_isAbandoned)
                {
                    return;
                }

                _copy.Add(item);
            }
        }
    }

    private void End(Exception error)
    {
        lock (_lock)
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
            // The caller's clean-up failed after all items were read, so no outcome changes.
        }
    }
}
