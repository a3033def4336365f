using System.Diagnostics;
using DigestStore.Calls;
using DigestStore.Records;

namespace DigestStore.Telemetry;

// The telemetry of one store call: a span and, at its end, the metrics, one log line and one audit event.
internal sealed class StoreCallTelemetry : IDisposable
{
    public const string Store = "store";
    public const string Replay = "replay";

    private readonly StoreTelemetry _telemetry;
    private readonly string _operation;
    private readonly Partition _partition;
    private readonly CallScope _scope;
    private readonly Activity? _span;

    public StoreCallTelemetry(StoreTelemetry telemetry, string operation, Partition partition, CallScope scope, string? correlationId, string? caller)
    {
        (_telemetry, _operation, _partition, _scope) = (telemetry, operation, partition, scope);

        // The span is started first, because the default correlation id is its trace id.
        _span = Spans.Start("digest.store", operation);
        Names = new CallNames(correlationId, caller);
    }

    public CallNames Names { get; }

    public void Done(StoreResult result)
    {
        _telemetry.Instruments.StoreDone(_partition.Table, result);
        _telemetry.Log.StoreDone(_operation, _partition, _scope, result, Names);
        _telemetry.Audit.Stored(_operation, Names, _partition, _scope, result);
        if (_span is not { IsAllDataRequested: true })
        {
            return;
        }

        Spans.Describe(_span, _telemetry.DatabaseSystem, Names, _partition, _scope);
        _span.SetTag(Spans.Status, TagValues.Of(result.Status));
        _span.SetTag(Spans.Items, result.Received);
        _span.SetTag(Spans.Inserted, result.Inserted);
        _span.SetTag(Spans.Updated, result.Updated);
        _span.SetTag(Spans.Unchanged, result.Unchanged);
        _span.SetTag(Spans.Duplicates, result.Duplicates);
        _span.SetTag(Spans.Rejected, result.Rejected);
        _span.SetTag(Spans.Failed, result.Failed);
        _span.SetTag(Spans.Skipped, result.Skipped);
        if (result.Failed > 0 || result.InputError is not null)
        {
            string cause = TagValues.Of(result.MainProblem?.Reason ?? StoreProblemReason.InternalError);
            Spans.Fail(_span, cause);
        }
    }

    public void Dispose() => Spans.Stop(_span);
}
