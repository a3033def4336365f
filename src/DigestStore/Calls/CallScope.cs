using DigestStore.Table;

namespace DigestStore.Calls;

// One public call: its clock, its end (deadline, caller or disposal of the repository) and what it has cost so far.
internal sealed class CallScope : IDisposable
{
    // For the audit, which is one line; a store of a million items has 40,000.
    private const int MaxRequestIds = 50;

    // Timers take no more than this; it is for ever, as far as a store goes.
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(24);

    private readonly TimeSpan _deadline;
    private readonly CancellationToken _caller;
    private readonly Disposal? _disposal;
    private readonly CancellationTokenSource _overdue;
    private readonly CancellationTokenSource _ended;
    private readonly long _started;
    private readonly Lock _costs = new();
    private readonly List<string> _requestIds = [];
    private SortedDictionary<string, int>? _retryReasons;
    private int _requests;
    private int _retries;
    private double _readUnits;
    private double _writeUnits;

    // By the clock's own timestamps. A timer's callback needs a thread of the pool, which may be busy for seconds: a call that only listened
    // to its token would go on sending until then.
    private long _overdueAt;

    public CallScope(TimeProvider time, TimeSpan deadline, CancellationToken caller, Disposal? disposal = null)
    {
        Time = time;
        _deadline = deadline < LongestDeadline ? deadline : LongestDeadline;
        _caller = caller;
        _disposal = disposal;
        _started = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
        _overdueAt = TimestampAfter(_deadline);
        _overdue = deadline > TimeSpan.Zero ? new CancellationTokenSource(_deadline, time) : new CancellationTokenSource();
        if (deadline <= TimeSpan.Zero)
        {
            _overdue.Cancel();
        }

        _ended = disposal is null
            ? CancellationTokenSource.CreateLinkedTokenSource(caller, _overdue.Token)
            : CancellationTokenSource.CreateLinkedTokenSource(caller, _overdue.Token, disposal.Token);
    }

    public TimeProvider Time { get; }

    public DateTimeOffset StartedAt { get; }

    public CancellationToken Ended => _ended.Token;

    // A disposal and the deadline count at once, also before those are told who wait for the end.
    public bool IsOver => _ended.IsCancellationRequested || IsDisposed || Time.GetTimestamp() >= Volatile.Read(ref _overdueAt);

    public bool IsCanceledByCaller => _caller.IsCancellationRequested;

    public bool IsDisposed => _disposal is { HasBegun: true };

    // Why the call ended: what has not been sent by then was not sent for this reason. A host that ends cancels first and disposes then.
    public StoreProblemReason EndReason =>
        IsCanceledByCaller ? StoreProblemReason.Canceled : IsDisposed ? StoreProblemReason.Disposed : StoreProblemReason.DeadlineExceeded;

    public TimeSpan Deadline => _deadline;

    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    public int Requests => Volatile.Read(ref _requests);

    public int Retries => Volatile.Read(ref _retries);

    public double ReadUnits => _readUnits;

    public double WriteUnits => _writeUnits;

    public TableFault EndFault => new(EndReason switch
    {
        StoreProblemReason.Canceled => FaultKind.Canceled,
        StoreProblemReason.Disposed => FaultKind.Disposed,
        _ => FaultKind.DeadlineExceeded,
    });

    // The deadline begins anew: a stream is bounded by the time without progress.
    public void Extend() => SetDeadline(_deadline);

    // Waiting for the producer of a stream is the caller's own time.
    public void Suspend() => SetDeadline(Timeout.InfiniteTimeSpan);

    // Why requests were repeated, and how often.
    public string RetryReasons
    {
        get
        {
            lock (_costs)
            {
                return _retryReasons is null ? "none" : string.Join(", ", _retryReasons.Select(static reason => $"{reason.Key} {reason.Value}"));
            }
        }
    }

    // The reason is null for a request that repeats none.
    public void CountRequest(string? retryReason)
    {
        Interlocked.Increment(ref _requests);
        if (retryReason is null)
        {
            return;
        }

        Interlocked.Increment(ref _retries);
        lock (_costs)
        {
            _retryReasons ??= new SortedDictionary<string, int>(StringComparer.Ordinal);
            _retryReasons[retryReason] = _retryReasons.GetValueOrDefault(retryReason) + 1;
        }
    }

    public void CountUnits(TableReply reply)
    {
        lock (_costs)
        {
            if (reply is WriteReply or UpdateReply)
            {
                _writeUnits += reply.Units;
            }
            else
            {
                _readUnits += reply.Units;
            }
        }
    }

    // AWS's own ids of the requests, the first of them.
    public string RequestIds
    {
        get
        {
            lock (_costs)
            {
                return string.Join(',', _requestIds);
            }
        }
    }

    public void CountAnswer(string? requestId)
    {
        lock (_costs)
        {
            if (_requestIds.Count < MaxRequestIds && requestId is not null)
            {
                _requestIds.Add(requestId);
            }
        }
    }

    // Before its time: what is still under way is given up.
    public void End() => _overdue.Cancel();

    public void Dispose()
    {
        _ended.Dispose();
        _overdue.Dispose();
    }

    private void SetDeadline(TimeSpan deadline)
    {
        if (IsOver)
        {
            return;
        }

        Volatile.Write(ref _overdueAt, TimestampAfter(deadline));
        _overdue.CancelAfter(deadline);
    }

    private long TimestampAfter(TimeSpan span) =>
        span == Timeout.InfiniteTimeSpan ? long.MaxValue : Time.GetTimestamp() + (long)(span.TotalSeconds * Time.TimestampFrequency);
}
