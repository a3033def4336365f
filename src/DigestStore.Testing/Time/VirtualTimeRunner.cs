using System.Diagnostics;

namespace DigestStore.Testing;

// Moves a virtual clock to its next timer whenever the work that waits on the clock is idle.
//
// A WatchedFlow knows whether a thread runs the work, and the thread pool shows whether something is queued. Whether data is on its way
// between two sockets cannot be known: the work counts as idle when there was no activity for a while. Before a timer that is near, such as a
// back-off, this takes a few checks. Before a timer that is far away, which is nearly always a time-out or a deadline, it takes longer, because
// firing it too early would fail a correct test. Checks are counted in addition to the time, because on a machine that stalls the time passes
// although no check is made.
internal sealed class VirtualTimeRunner(VirtualTimeProvider time, Func<bool>? isBusy, WatchedFlow? flow)
{
    private const int NearTimerChecks = 3;
    private const int FarTimerChecks = 30;
    private const int MinIdleChecks = 100;
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FarTimer = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FarTimerQuietTime = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan RealLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan VirtualLimit = TimeSpan.FromDays(7);

    // The limit is short for work that the clock can observe completely, and longer where a socket on a slow machine may take part.
    private readonly TimeSpan _idleLimit = time.IdleLimit ?? TimeSpan.FromSeconds(flow is not null && isBusy is null ? 10 : 30);
    private int _idleChecks;
    private long _idleSince;

    // This runs on a thread of its own. On the thread pool, the checks themselves would look like queued work to other clocks.
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

            if (!IsIdle(ended) || time.AdvanceToNextTimer())
            {
                _idleChecks = 0;
            }
            else if (!task.IsCompleted)
            {
                CountIdleCheck();
            }
        }

        signal.GetAwaiter().GetResult();
    }

    // Called when the work is idle and no timer is armed, so that nothing on this clock can continue it. Both the checks and the time have to
    // exceed their limits, because on a machine that stalls the time passes although no check is made.
    private void CountIdleCheck()
    {
        _idleSince = _idleChecks == 0 ? Stopwatch.GetTimestamp() : _idleSince;
        if (++_idleChecks > MinIdleChecks && Stopwatch.GetElapsedTime(_idleSince) > _idleLimit)
        {
            throw new TimeoutException(
                $"The task waits on something other than this clock: a socket, a task that nobody completes. For {_idleLimit.TotalSeconds} s of real time no timer was armed "
                + "and nothing of it ran. If something else takes part, say when it works by isBusy.");
        }
    }

    // Returns true after a while without activity, and false as soon as there is some.
    private bool IsIdle(ManualResetEventSlim ended)
    {
        long began = Stopwatch.GetTimestamp();
        (long Timers, long? Threads) activity = (time.Activity, flow?.Activity);
        bool isNear = (flow is not null && isBusy is null) || time.NextTimer < FarTimer;
        (int checks, TimeSpan quietTime) = isNear ? (NearTimerChecks, TimeSpan.Zero) : (FarTimerChecks, FarTimerQuietTime);
        for (int check = 0; check < checks || Stopwatch.GetElapsedTime(began) < quietTime;)
        {
            if (ended.Wait(CheckInterval) || flow?.IsRunning == true || isBusy?.Invoke() == true || activity != (time.Activity, flow?.Activity))
            {
                return false;
            }

            // A queued item may belong to this work. With a flow it is enough not to count this check: if the item belongs to the work, the flow
            // becomes active when the item runs.
            if (ThreadPool.PendingWorkItemCount == 0)
            {
                check++;
            }
            else if (flow is null)
            {
                return false;
            }
        }

        return true;
    }
}
