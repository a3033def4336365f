using DigestStore.Table;

namespace DigestStore.Calls;

// One public call: its clock, what ends it (the deadline, the caller or the disposal of the repository), and what it has cost so far.
internal sealed class CallScope : IDisposable
{
    // The audit writes the ids into one line, and a store call with a million items makes 40,000 requests.
    private const int MaxRequestIds = 50;

    // A caller may set any deadline for a call, but a timer of .NET accepts at most 49 days.
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(24);

    private readonly TimeSpan _deadline;
    private readonly CancellationToken _caller;
    private readonly Disposal? _disposal;

    // The call that this one is a step of. It counts what the step costs.
    private readonly CallScope? _whole;
    private readonly CancellationTokenSource _overdue;
    private readonly CancellationTokenSource _ended;
    private readonly long _started;
    private readonly Lock _costsLock = new();
    private readonly List<string> _requestIds = [];
    private SortedDictionary<string, int>? _retryReasons;
    private int _requests;
    private int _retries;
    private double _readUnits;
    private double _writeUnits;

    // The deadline as a timestamp of the clock. The token alone would come too late: its timer needs a thread of the pool, which may be busy
    // for seconds, and until then the call would go on sending.
    private long _overdueAt;

    public CallScope(TimeProvider time, TimeSpan deadline, CancellationToken caller, Disposal? disposal = null, CallScope? whole = null)
    {
        Time = time;
        _deadline = deadline < LongestDeadline ? deadline : LongestDeadline;
        _caller = caller;
        _disposal = disposal;
        _whole = whole;
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

    // True as soon as the disposal begins or the deadline passes, even if the token is not canceled yet.
    public bool IsOver => _ended.IsCancellationRequested || IsDisposed || Time.GetTimestamp() >= Volatile.Read(ref _overdueAt);

    public bool IsCanceledByCaller => _caller.IsCancellationRequested;

    public bool IsDisposed => _disposal is { HasBegun: true };

    // Why the call ended. It is the reason for which further items are not sent. A host that shuts down cancels first and disposes then, so
    // the caller's token goes before the disposal.
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

    // For a stream, the deadline bounds the time without progress, and for a read the time of one page.
    public void RestartDeadline() => SetDeadline(_deadline);

    // The time in which the caller produces items of a stream, or handles those of a page, does not count.
    public void StopDeadline() => SetDeadline(Timeout.InfiniteTimeSpan);

    // The reasons for which requests were repeated, with their numbers.
    public string RetryReasons
    {
        get
        {
            lock (_costsLock)
            {
                return _retryReasons is null ? "none" : string.Join(", ", _retryReasons.Select(static reason => $"{reason.Key} {reason.Value}"));
            }
        }
    }

    // The reason is null for a request that does not repeat another one.
    public void CountRequest(string? retryReason)
    {
        _whole?.CountRequest(retryReason);
        Interlocked.Increment(ref _requests);
        if (retryReason is null)
        {
            return;
        }

        Interlocked.Increment(ref _retries);
        lock (_costsLock)
        {
            _retryReasons ??= new SortedDictionary<string, int>(StringComparer.Ordinal);
            _retryReasons[retryReason] = _retryReasons.GetValueOrDefault(retryReason) + 1;
        }
    }

    public void CountUnits(TableReply reply)
    {
        _whole?.CountUnits(reply);
        lock (_costsLock)
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

    // The first of the ids that AWS gave to the requests.
    public string RequestIds
    {
        get
        {
            lock (_costsLock)
            {
                return string.Join(',', _requestIds);
            }
        }
    }

    public void CountAnswer(string? requestId)
    {
        _whole?.CountAnswer(requestId);
        lock (_costsLock)
        {
            if (_requestIds.Count < MaxRequestIds && requestId is not null)
            {
                _requestIds.Add(requestId);
            }
        }
    }

    // Ends the call before its deadline. Requests that are still under way are given up.
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
