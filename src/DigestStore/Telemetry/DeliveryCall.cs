using System.Diagnostics;
using DigestStore.Calls;
using DigestStore.Records;

namespace DigestStore.Telemetry;

// The telemetry of one delivery, or of one of its single steps: a span and, at its end, the metrics, one log line and one audit event.
internal sealed class DeliveryCall : IDisposable
{
    public const string Deliver = "deliver";
    public const string Acquire = "acquire";
    public const string Announce = "announce";
    public const string Renew = "renew";
    public const string Complete = "complete";
    public const string Fail = "fail";
    public const string Resolve = "resolve";
    public const string Replay = "replay";

    private readonly StoreTelemetry _telemetry;
    private readonly string _operation;
    private readonly Activity? _span;

    public DeliveryCall(StoreTelemetry telemetry, string operation, Partition partition, TimeProvider time, Disposal disposal, string? correlationId, string? caller)
    {
        (_telemetry, _operation, Partition) = (telemetry, operation, partition);

        // The span is started first, because the default correlation id is its trace id.
        _span = Spans.Start("digest.deliver", operation);
        Names = new CallNames(correlationId, caller);
        Whole = new CallScope(time, TimeSpan.MaxValue, CancellationToken.None, disposal);

        // Its steps have deadlines of their own.
        Whole.StopDeadline();
    }

    public CallNames Names { get; }

    public Partition Partition { get; }

    // Counts what all steps of the call have cost.
    public CallScope Whole { get; }

    // Tells of a holder before that was killed, since a dead process tells nothing.
    public void Acquired(DeliveryLease lease)
    {
        if (lease.IsTakeover)
        {
            _telemetry.Log.LeaseOverdue(Partition, Names);
        }
    }

    public DeliveryResult Done(DeliveryResult outcome, int items)
    {
        DeliveryResult result = outcome with { Requests = Whole.Requests, Retries = Whole.Retries, Duration = Whole.Elapsed, CorrelationId = Names.CorrelationId };
        AttemptEnded(result.Outcome);
        _telemetry.Instruments.DeliveryDone(Partition.Table, result);
        _telemetry.Log.DeliveryDone(Partition, Whole, result, Names);
        End(TagValues.Of(result.Outcome), result.Attempt, result.Fence, items, isFailure: !result.IsDelivered && result.Outcome != DeliveryOutcome.HeldByAnother);
        return result;
    }

    public void Done(DeliveryLease lease)
    {
        if (lease.OutcomeUnsent is { } outcome)
        {
            AttemptEnded(outcome);
        }

        Done(lease.Outcome, lease.Attempt, lease.Fence, items: 0, isProblem: lease.Outcome is DeliveryLeaseOutcome.Unprotected or DeliveryLeaseOutcome.GaveUp);
    }

    public void Done(DeliveryChange change, DeliveryLease? lease, int items) =>
        Done(change.Outcome, lease?.Attempt ?? 0, lease?.Fence ?? 0, items, isProblem: !change.IsRecorded);

    // The lease is null if the replay took none.
    public void Done(DeadLetterFate fate, DeliveryLease? lease, int items) =>
        Done(fate, lease?.Attempt ?? 0, lease?.Fence ?? 0, items, isProblem: fate == DeadLetterFate.Kept);

    // A step by itself: an attempt ends with it, or was not begun.
    public void AttemptEnded(DeliveryOutcome outcome) => _telemetry.Instruments.DeliveryAttempted(Partition.Table, outcome);

    public void Dispose()
    {
        Whole.Dispose();
        Spans.Stop(_span);
    }

    private void Done<T>(T outcome, int attempt, long fence, int items, bool isProblem)
        where T : struct, Enum
    {
        _telemetry.Log.DeliveryStepDone(_operation, Partition, Whole, TagValues.Of(outcome), isProblem, Names);
        End(TagValues.Of(outcome), attempt, fence, items, isProblem);
    }

    private void End(string outcome, int attempt, long fence, int items, bool isFailure)
    {
        _telemetry.Audit.Delivered(_operation, Names, Partition, Whole, outcome, attempt, fence, items);
        if (_span is not { IsAllDataRequested: true })
        {
            return;
        }

        Spans.Describe(_span, _telemetry.DatabaseSystem, Names, Partition, Whole);
        _span.SetTag(Spans.Status, outcome);
        _span.SetTag(Spans.Items, items);
        _span.SetTag(Spans.Attempt, attempt);
        if (isFailure)
        {
            Spans.Fail(_span, outcome);
        }
    }
}
