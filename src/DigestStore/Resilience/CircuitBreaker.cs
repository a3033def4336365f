using DigestStore.Table;

namespace DigestStore.Resilience;

// For long-lived processes: while every call finds the database dead, further calls need not wait for it. Shared by the calls of a
// repository. It counts reads that have failed after all their retries, so a process's first call always has its full chance.
// Not Polly's: that knows success and failure only, and a call that its caller ended says neither.
internal sealed class CircuitBreaker(TimeProvider time)
{
    private const int Calls = 5;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();

    // When the last calls failed, with no success among them.
    private readonly Queue<long> _failures = new(Calls);
    private long? _opened;
    private bool _isProbing;

    public static TimeSpan BreakDuration { get; } = TimeSpan.FromSeconds(10);

    public static TableFault Open { get; } = new(FaultKind.Unreachable, "CircuitOpen");

    // A deadline that comes earlier than the patience says something about the caller, not about the database.
    public async Task<T> RunAsync<T>(Func<Task<T>> call, Func<TableFault, T> failed, TimeSpan patience)
        where T : TableReply
    {
        if (!Admits(out bool isProbe))
        {
            return failed(Open);
        }

        try
        {
            long began = time.GetTimestamp();
            T reply = await call().ConfigureAwait(false);
            bool wasImpatient = reply.Fault is { Kind: FaultKind.DeadlineExceeded } && time.GetElapsedTime(began) < patience;
            if (!wasImpatient)
            {
                Learn(reply.Fault, isProbe);
            }

            return reply;
        }
        finally
        {
            if (isProbe)
            {
                EndProbe();
            }
        }
    }

    private bool Admits(out bool isProbe)
    {
        lock (_gate)
        {
            isProbe = _opened is { } opened && !_isProbing && time.GetElapsedTime(opened) >= BreakDuration;
            _isProbing |= isProbe;
            return _opened is null || isProbe;
        }
    }

    // A probe that told nothing leaves the circuit as it was, and the next call is the probe.
    private void EndProbe()
    {
        lock (_gate)
        {
            _isProbing = false;
        }
    }

    private void Learn(TableFault? fault, bool isProbe)
    {
        if (fault is { Kind: FaultKind.Canceled or FaultKind.Disposed } or { NotSent: true })
        {
            return;
        }

        lock (_gate)
        {
            if (fault is not { Kind: FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.DeadlineExceeded })
            {
                // Whatever else it answered, it is there.
                _failures.Clear();
                _opened = null;
                return;
            }

            long now = time.GetTimestamp();
            while (_failures.TryPeek(out long oldest) && (_failures.Count == Calls || time.GetElapsedTime(oldest, now) > Within))
            {
                _failures.Dequeue();
            }

            _failures.Enqueue(now);

            // A call from before the break that fails during it does not prolong it.
            if (isProbe || (_opened is null && _failures.Count == Calls))
            {
                _opened = now;
            }
        }
    }
}
