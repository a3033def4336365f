using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DigestStore.Benchmarks.Stub;

/// <summary>Waits to a tenth of a millisecond. .NET's timers end on a tick of the system's coarse clock, which may be 4 ms late.</summary>
/// <remarks>
/// One thread waits for all answers. It sleeps until shortly before the next one is due and spins for the rest only, so that it leaves the cores to the
/// client that is measured.
/// </remarks>
internal sealed partial class ExactDelay
{
    private static readonly long Spun = Stopwatch.Frequency / 5_000;

    // Longer sleeps would miss an answer that is asked for later and due earlier.
    private static readonly long MaxSlept = Stopwatch.Frequency / 1_000;

    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();

    public ExactDelay() => new Thread(Run) { IsBackground = true, Name = "delay" }.Start();

    /// <summary>Until a timestamp of <see cref="Stopwatch"/>.</summary>
    public Task UntilAsync(long due)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Enqueue(done, due);
            Monitor.Pulse(_waiting);
        }

        return done.Task;
    }

    private void Run()
    {
        while (true)
        {
            long due = NextDue();
            long left = due - Stopwatch.GetTimestamp();
            if (left > Spun)
            {
                Sleep(Math.Min(left - Spun, MaxSlept));
                continue;
            }

            while (Stopwatch.GetTimestamp() < due)
            {
                Thread.SpinWait(10);
            }

            End(due);
        }
    }

    private long NextDue()
    {
        lock (_waiting)
        {
            long due;
            while (!_waiting.TryPeek(out _, out due))
            {
                Monitor.Wait(_waiting);
            }

            return due;
        }
    }

    private void End(long due)
    {
        lock (_waiting)
        {
            while (_waiting.TryPeek(out TaskCompletionSource? done, out long next) && next <= due)
            {
                _waiting.Dequeue();
                done.SetResult();
            }
        }
    }

    private static void Sleep(long ticks)
    {
        if (OperatingSystem.IsWindows())
        {
            Thread.Sleep(ticks >= MaxSlept ? 1 : 0);
            return;
        }

        _ = NanoSleep(new TimeSpec { Nanoseconds = (nint)(ticks * (1_000_000_000 / Stopwatch.Frequency)) }, 0);
    }

    // Of .NET's own waits none is finer than a millisecond.
    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint left);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
