using System.Diagnostics;

namespace DigestStore.TestSupport;

/// <summary>
/// How long this process stood still while other work had the machine: the time by which a beat that is due every few milliseconds came
/// late. A bound in real time adds it to what it allows, so that it is tight on a quiet machine and holds on a busy one.
/// </summary>
public sealed class Standstill
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(5);

    // What a quiet machine's timers and scheduler take; only what goes beyond it is counted.
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(5);

    private readonly Func<long> _now;
    private readonly Lock _gate = new();
    private TimeSpan _lost;
    private long _since;

    internal Standstill(Func<long> now)
    {
        _now = now;
        _since = now();
    }

    /// <summary>By a thread of its own: what the machine takes away from every thread of this process.</summary>
    public static Standstill OfThreads { get; } = OnItsOwnThread();

    /// <summary>By a timer whose callback runs on the thread pool, as the library's own do: also what a pool takes that has no thread left.</summary>
    public static Standstill OfThePool { get; } = OnThePool();

    /// <summary>The time lost since the first beat, with that of a beat which is late just now.</summary>
    public TimeSpan Total
    {
        get
        {
            lock (_gate)
            {
                return _lost + Lateness();
            }
        }
    }

    /// <summary>A beat has come; the next one is due.</summary>
    internal void Came()
    {
        lock (_gate)
        {
            _lost += Lateness();
            _since = _now();
        }
    }

    private static Standstill OnItsOwnThread()
    {
        var standstill = new Standstill(Stopwatch.GetTimestamp);
        var thread = new Thread(() =>
        {
            using var never = new ManualResetEvent(initialState: false);
            while (!never.WaitOne(Beat))
            {
                standstill.Came();
            }
        })
        { IsBackground = true, Priority = ThreadPriority.Highest, Name = "Heartbeat" };
        thread.UnsafeStart();
        return standstill;
    }

    private static Standstill OnThePool()
    {
        var standstill = new Standstill(Stopwatch.GetTimestamp);

        // Whoever asks first must not have the beats for part of its own work.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(BeatAsync);
        }

        return standstill;

        async Task BeatAsync()
        {
            using var timer = new PeriodicTimer(Beat);
            while (await timer.WaitForNextTickAsync().ConfigureAwait(false))
            {
                standstill.Came();
            }
        }
    }

    private TimeSpan Lateness()
    {
        TimeSpan late = Stopwatch.GetElapsedTime(_since, _now()) - Beat;
        return late > Usual ? late : TimeSpan.Zero;
    }
}
