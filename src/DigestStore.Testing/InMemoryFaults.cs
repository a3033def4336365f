using DigestStore.Table;

namespace DigestStore.Testing;

/// <summary>A script of what goes wrong in an in-memory table; see <see cref="InMemoryDigestRepository.Faults"/>.</summary>
/// <remarks>
/// Faults are used up in the order in which they were scripted; without one that fits, a request succeeds. The same script and seed
/// give the same faults again. Safe for concurrent use.
/// <para>Back-offs and time-outs wait on the repository's clock: hand it a <see cref="VirtualTimeProvider"/> to make them take no time.</para>
/// </remarks>
public sealed class InMemoryFaults
{
    /// <summary>The number of requests for a fault that lasts until <see cref="Clear"/> is called.</summary>
    public const int ForEver = int.MaxValue;

    private readonly Lock _lock = new();
    private readonly List<Step> _steps = [];
    private Random _random = new(0);
    private int _requests;

    /// <summary>How many requests have reached the table, failed ones included.</summary>
    public int Requests => Volatile.Read(ref _requests);

    internal bool IsDisabled { get; private set; }

    /// <summary>Restarts the random numbers that <see cref="LeaveUnprocessed"/> uses.</summary>
    /// <param name="seed">Any number; the same one gives the same choices. Without a call it is 0.</param>
    /// <returns>This script.</returns>
    public InMemoryFaults Seed(int seed)
    {
        lock (_lock)
        {
            _random = new Random(seed);
        }

        return this;
    }

    /// <summary>Requests are turned away, as by a table without capacity.</summary>
    /// <param name="requests">How many requests; at least 1.</param>
    /// <param name="operation">Which requests.</param>
    /// <returns>This script.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="requests"/> is not positive.</exception>
    public InMemoryFaults Throttle(int requests = ForEver, InMemoryOperation operation = InMemoryOperation.Any) =>
        Add(operation, requests, new TableFault(FaultKind.Throttled, "ProvisionedThroughputExceededException", 400));

    /// <summary>Requests fail with an internal error of the service.</summary>
    /// <inheritdoc cref="Throttle"/>
    public InMemoryFaults Fail(int requests = ForEver, InMemoryOperation operation = InMemoryOperation.Any) =>
        Add(operation, requests, new TableFault(FaultKind.Unavailable, "InternalServerError", 500));

    /// <summary>Requests fail for want of a permission.</summary>
    /// <inheritdoc cref="Throttle"/>
    public InMemoryFaults Deny(int requests = ForEver, InMemoryOperation operation = InMemoryOperation.Any) =>
        Add(operation, requests, new TableFault(FaultKind.AccessDenied, "AccessDeniedException", 400));

    /// <summary>Requests get no answer at all, and end with the time-out of the attempt.</summary>
    /// <inheritdoc cref="Throttle"/>
    public InMemoryFaults Hang(int requests = ForEver, InMemoryOperation operation = InMemoryOperation.Any) => Add(operation, requests, null);

    /// <summary>Batches come back with a part of their items not processed; the rest of them is stored.</summary>
    /// <param name="fraction">The chance of each item to come back, from 0 to 1.</param>
    /// <param name="requests">How many batches; at least 1.</param>
    /// <returns>This script.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> is not between 0 and 1, or <paramref name="requests"/> is not positive.</exception>
    public InMemoryFaults LeaveUnprocessed(double fraction, int requests = ForEver)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1);
        return Add(InMemoryOperation.BatchWrite, requests, null, fraction);
    }

    /// <summary>Switches the repository off, as <see cref="DigestStoreOptions.Enabled"/> does.</summary>
    /// <returns>This script.</returns>
    public InMemoryFaults Disable()
    {
        IsDisabled = true;
        return this;
    }

    /// <summary>Forgets the script: from the next request on all is well, and the repository is on.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _steps.Clear();
            IsDisabled = false;
        }
    }

    internal Step? TakeNext(InMemoryOperation operation)
    {
        Interlocked.Increment(ref _requests);
        lock (_lock)
        {
            Step? step = _steps.Find(candidate => candidate.Remaining > 0 && (candidate.Operation == InMemoryOperation.Any || candidate.Operation == operation));
            if (step is { Remaining: < ForEver })
            {
                step.Remaining--;
            }

            return step;
        }
    }

    internal bool IsChosen(double fraction)
    {
        lock (_lock)
        {
            return _random.NextDouble() < fraction;
        }
    }

    private InMemoryFaults Add(InMemoryOperation operation, int requests, TableFault? fault, double? unprocessed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requests);
        lock (_lock)
        {
            _steps.Add(new Step(operation, fault, unprocessed) { Remaining = requests });
        }

        return this;
    }

    // A step with neither a fault nor a fraction of unprocessed items means that the request gets no answer.
    internal sealed class Step(InMemoryOperation operation, TableFault? fault, double? unprocessed)
    {
        public InMemoryOperation Operation => operation;

        public TableFault? Fault => fault;

        public double? Unprocessed => unprocessed;

        public int Remaining { get; set; }
    }
}
