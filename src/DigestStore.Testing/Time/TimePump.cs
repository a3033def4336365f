using System.Diagnostics;

namespace DigestStore.Testing;

// Moves a clock on while a task waits on it.
//
// Of work in a watched flow it is known whether a thread runs it; what is queued shows in the thread pool. Whether data is under way
// between two sockets can only be observed: nothing stirs for a while. A back-off asks for a short while; a far jump, which is
// nearly always a time-out or a deadline, for a long one, since firing it early would fail a healthy test. The while is counted in
// looks and not in time alone: a machine that stands still passes time, but takes no looks.
internal sealed class TimePump(VirtualTimeProvider time, Func<bool>? isBusy, WatchedFlow? flow)
{
    private const int NearLooks = 3;
    private const int FarLooks = 30;
    private const int LeastRests = 100;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FarJump = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FarQuiet = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan RealLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan VirtualLimit = TimeSpan.FromDays(7);

    // Of work that this clock sees whole, little is left to wait for; a socket on a slow machine is given longer.
    private readonly TimeSpan _restLimit = time.RestLimit ?? TimeSpan.FromSeconds(flow is not null && isBusy is null ? 10 : 30);
    private int _rests;
    private long _restsSince;

    // On a thread of its own: looks that are pool items themselves would be seen as work by every other pump.
    public Task RunAsync(Task task) => Task.Factory.StartNew(() => Run(task), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(Task task)
    {
        using var ended = new ManualResetEventSlim(initialState: false, spinCount: 0);
        Task signal = task.ContinueWith(_ => ended.Set(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        long began = Stopwatch.GetTimestamp();
        TimeSpan virtualEnd = time.Elapsed + VirtualLimit;
        while (!task.IsCompleted)
        {
            if (Stopwatch.GetElapsedTime(began) > RealLimit || time.Elapsed > virtualEnd)
            {
                throw new TimeoutException(
                    $"The task has not ended after {time.Elapsed} of virtual time and {RealLimit.TotalSeconds} s of real time; {time.PendingTimers} timer(s) are armed. "
                    + "Work that waits on a virtual clock must not block its thread, and must wait on nothing but this clock.");
            }

            if (!IsQuiet(ended) || time.AdvanceToNextTimer())
            {
                _rests = 0;
            }
            else if (!task.IsCompleted)
            {
                Rest();
            }
        }

        signal.GetAwaiter().GetResult();
    }

    // Everything waits, and no timer will wake it. Counted as well as timed, for the same machine that stands still.
    private void Rest()
    {
        _restsSince = _rests == 0 ? Stopwatch.GetTimestamp() : _restsSince;
        if (++_rests > LeastRests && Stopwatch.GetElapsedTime(_restsSince) > _restLimit)
        {
            throw new TimeoutException(
                $"The task waits on something other than this clock: a socket, a task that nobody completes. For {_restLimit.TotalSeconds} s of real time no timer was armed "
                + "and nothing of it ran. If something else takes part, say when it works by isBusy.");
        }
    }

    // True after one quiet while; false as soon as anything stirred in it.
    private bool IsQuiet(ManualResetEventSlim ended)
    {
        long began = Stopwatch.GetTimestamp();
        (long Timers, long? Threads) stirs = (time.Activity, flow?.Stirs);
        bool isShort = (flow is not null && isBusy is null) || time.NextTimer < FarJump;
        (int looks, TimeSpan quiet) = isShort ? (NearLooks, TimeSpan.Zero) : (FarLooks, FarQuiet);
        for (int look = 0; look < looks || Stopwatch.GetElapsedTime(began) < quiet;)
        {
            if (ended.Wait(Look) || flow?.IsRunning == true || isBusy?.Invoke() == true || stirs != (time.Activity, flow?.Stirs))
            {
                return false;
            }

            // What is queued may be this work's; if it is, the flow stirs when its turn comes.
            if (ThreadPool.PendingWorkItemCount == 0)
            {
                look++;
            }
            else if (flow is null)
            {
                return false;
            }
        }

        return true;
    }
}
