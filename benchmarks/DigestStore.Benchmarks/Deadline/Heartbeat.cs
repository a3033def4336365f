using System.Diagnostics;

namespace DigestStore.Benchmarks.Deadline;

/// <summary>
/// A thread that wants to run every few milliseconds. By how much it comes late is what pauses of the garbage collector and other
/// processes take away from a thread of this one. Beside many other processes that is most of the time, so look at the CPU time too.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(5);

    // What timers and scheduler of a quiet machine take.
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(5);

    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private readonly TimeSpan _from;
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>Begins now, and counts from a moment later on.</summary>
    public Heartbeat(TimeSpan from)
    {
        _from = from;
        _thread = new Thread(Run) { IsBackground = true, Name = "Heartbeat" };
        _thread.Start();
    }

    /// <summary>How long this process stood still after that moment. Complete when this is disposed of.</summary>
    public TimeSpan StoodStill { get; private set; }

    /// <summary>How long the collector had paused the process in all its life when the moment came.</summary>
    public TimeSpan PausedBefore { get; private set; }

    /// <summary>The CPU time that the process had used when the moment came.</summary>
    public TimeSpan ComputedBefore { get; private set; }

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
    }

    private void Run()
    {
        bool isCounting = false;
        bool isEnd = false;
        while (!isEnd)
        {
            TimeSpan before = Stopwatch.GetElapsedTime(_began);
            isEnd = _end.Wait(Beat);
            TimeSpan now = Stopwatch.GetElapsedTime(_began);
            if (now < _from)
            {
                (PausedBefore, ComputedBefore) = (GC.GetTotalPauseDuration(), Environment.CpuUsage.TotalTime);
                continue;
            }

            // Of a beat that began before the moment, only what comes after it.
            TimeSpan due = (isCounting ? before : TimeSpan.FromTicks(Math.Max(before.Ticks, _from.Ticks))) + Beat + Usual;
            StoodStill += now > due ? now - due : TimeSpan.Zero;
            isCounting = true;
        }
    }
}
