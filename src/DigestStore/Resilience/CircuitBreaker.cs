using DigestStore.Table;

namespace DigestStore.Resilience;

// For long-lived processes: while every call finds the database dead, further calls need not wait for it. The calls of a repository share
// one breaker. It counts reads that have failed after all their retries, so the first calls of a process are never cut short.
// Polly's breaker knows success and failure only, but a call that its caller ended is neither (ADR 0011).
internal sealed class CircuitBreaker(TimeProvider time, string? remedy = null)
{
    private const int FailuresToOpen = 5;
    private static readonly TimeSpan FailureWindow = TimeSpan.FromSeconds(30);

    private readonly TableFault _open = remedy is null ? Open : Open with { Remedy = remedy };
    private readonly Lock _lock = new();

    // The times of the last failures. A success empties the queue.
    private readonly Queue<long> _failures = new(FailuresToOpen);
    private long? _opened;
    private bool _isProbing;

    public static TimeSpan BreakDuration { get; } = TimeSpan.FromSeconds(10);

    public static TableFault Open { get; } = new(FaultKind.Unreachable, "CircuitOpen");

    // A call whose deadline ends it before the attempt time-out tells how patient its caller is, and nothing about the database.
    public async Task<T> RunAsync<T>(Func<Task<T>> call, Func<TableFault, T> failed, TimeSpan attemptTimeout)
        where T : TableReply
    {
        if (!Admits(out bool isProbe))
        {
            return failed(_open);
        }

        try
        {
            long began = time.GetTimestamp();
            T reply = await call().ConfigureAwait(false);
            bool wasImpatient = reply.Fault is { Kind: FaultKind.DeadlineExceeded } && time.GetElapsedTime(began) < attemptTimeout;
            if (!wasImpatient)
            {
                Record(reply.Fault, isProbe);
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
        lock (_lock)
        {
            isProbe = _opened is { } opened && !_isProbing && time.GetElapsedTime(opened) >= BreakDuration;
            _isProbing |= isProbe;
            return _opened is null || isProbe;
        }
    }

    // A probe that was recorded has closed the circuit or begun the break anew. After one that was not, the next call is the probe.
    private void EndProbe()
    {
        lock (_lock)
        {
            _isProbing = false;
        }
    }

    private void Record(TableFault? fault, bool isProbe)
    {
        // These calls ended before the database could show whether it works.
        if (fault is { Kind: FaultKind.Canceled or FaultKind.Disposed } or { NotSent: true })
        {
            return;
        }

        lock (_lock)
        {
            if (fault is not { Kind: FaultKind.Unreachable or FaultKind.Unavailable or FaultKind.TimedOut or FaultKind.DeadlineExceeded })
            {
                // Any other answer, an error too, shows that the database works.
                _failures.Clear();
                _opened = null;
                return;
            }

            long now = time.GetTimestamp();
            while (_failures.TryPeek(out long oldest) && (_failures.Count == FailuresToOpen || time.GetElapsedTime(oldest, now) > FailureWindow))
            {
                _failures.Dequeue();
            }

            _failures.Enqueue(now);

            // A call that began before the break and fails during it does not prolong the break.
            if (isProbe || (_opened is null && _failures.Count == FailuresToOpen))
            {
                _opened = now;
            }
        }
    }
}
