using System.Diagnostics;
using DigestStore.Calls;
using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.Telemetry;

// The telemetry of one read or deletion, or of one side of a copied day: a span and, at its end, the metric, one log line and one audit event.
// A call that is disposed of without another end was canceled, or its caller stopped before the last page.
internal sealed class ReadCallTelemetry : IDisposable
{
    public const string Get = "get";
    public const string Read = "read";
    public const string Find = "find";
    public const string Delete = "delete";
    public const string Delivery = "delivery";
    public const string FindSent = "find_sent";
    public const string ListDays = "list_days";
    public const string ReadDays = "read_days";
    public const string FindAll = "find_all";
    public const string Statistics = "statistics";
    public const string DeleteDay = "delete_day";
    public const string CopyFrom = "copy_from";
    public const string CopyTo = "copy_to";

    // The read of a health check. It is not audited, because nobody reads an item, and the check itself reports its failure.
    public const string Probe = "probe";

    private readonly StoreTelemetry _telemetry;
    private readonly string _operation;
    private readonly DayRange _days;
    private readonly CallScope _scope;
    private readonly CallNames _names;
    private readonly Activity? _span;
    private bool _isDone;

    public ReadCallTelemetry(StoreTelemetry telemetry, string operation, DayRange days, CallScope scope, string? caller)
    {
        (_telemetry, _operation, _days, _scope) = (telemetry, operation, days, scope);
        _span = Spans.Start(IsDeletion ? "digest.delete" : IsCopy ? "digest.copy" : "digest.read", operation);
        _names = new CallNames(null, caller);
    }

    // The number of items that were found, deleted or copied.
    public int Items { get; set; }

    public string Caller => _names.Caller;

    private bool IsDeletion => _operation is Delete or DeleteDay;

    private bool IsCopy => _operation is CopyFrom or CopyTo;

    // Between two pages the consumer's code runs, which may have made its own span the current one.
    public void Resume()
    {
        if (_span is not null)
        {
            Activity.Current = _span;
        }
    }

    public void Done(int unreadable = 0)
    {
        if (unreadable > 0)
        {
            _telemetry.Log.Unreadable(_days, unreadable);
        }

        _telemetry.Log.ReadDone(_operation, _days, Items, _scope, _names);
        End(TagValues.Ok);
    }

    public Exception Failed(TableFault fault, string action, string done = "")
    {
        // The host itself has disposed of the store, so there is nothing to repair. This is not logged, as a canceled read is not.
        if (_scope.IsDisposed)
        {
            End(TagValues.Of(DigestStoreErrorReason.Disposed));
            return ReadFailures.Disposed();
        }

        DigestStoreException failure = ReadFailures.Of(fault, action, _days, _names.CorrelationId, done);
        if (_operation == Probe)
        {
            _telemetry.Log.ProbeFailed(action, _days, failure.Reason, fault, _scope.Requests, _names);
        }
        else
        {
            _telemetry.Log.ReadFailed(action, _days, failure.Reason, ReadFailures.Remedy(failure.Reason, fault, action), fault, _scope.Requests, _names);
        }

        End(TagValues.Of(failure.Reason));
        return failure;
    }

    public void Refused(DigestStoreErrorReason reason) => End(TagValues.Of(reason));

    public DigestStoreException FailedOnNewerSchema(DigestItemId id)
    {
        DigestStoreException failure = ReadFailures.NewerSchema(id, _names.CorrelationId);
        _telemetry.Log.Unreadable(_days, 1);
        End(TagValues.Of(failure.Reason));
        return failure;
    }

    public DigestStoreException FailedOnNewerDay(int records)
    {
        DigestStoreException failure = ReadFailures.NewerDay(records, IsDeletion ? "deleted" : "copied", _days, _names.CorrelationId);
        _telemetry.Log.Unreadable(_days, records);
        End(TagValues.Of(failure.Reason));
        return failure;
    }

    public DigestStoreException FailedOnNewerHeader()
    {
        DigestStoreException failure = ReadFailures.NewerHeader(_days, _names.CorrelationId);
        _telemetry.Log.Unreadable(_days, 1);
        End(TagValues.Of(failure.Reason));
        return failure;
    }

    // What was written is not there as it was written, or something else was there before.
    public DigestStoreException FailedOnChange(string problem)
    {
        DigestStoreException failure = ReadFailures.Changed(problem, _days, _names.CorrelationId);
        End(TagValues.Of(failure.Reason));
        return failure;
    }

    // Somebody sends the day or deletes it at this moment.
    public void HeldByAnother() => End(TagValues.HeldByAnother);

    public void Dispose()
    {
        if (!_isDone)
        {
            End(_scope.IsCanceledByCaller ? TagValues.Canceled : TagValues.Abandoned);
        }

        Spans.Stop(_span);
    }

    private void End(string outcome)
    {
        _isDone = true;
        _telemetry.Instruments.ReadDone(_days.Table, _operation, outcome, _scope.Elapsed);
        if (IsDeletion)
        {
            _telemetry.Audit.Deleted(_operation, _names, _days, _scope, outcome, Items);
        }
        else if (IsCopy)
        {
            _telemetry.Audit.Copied(_operation, _names, _days, _scope, outcome, Items);
        }
        else if (_operation != Probe)
        {
            _telemetry.Audit.Read(_operation, _names, _days, _scope, outcome, Items);
        }

        if (_span is not { IsAllDataRequested: true })
        {
            return;
        }

        Spans.Describe(_span, _telemetry.DatabaseSystem, _names, _days, _scope);
        _span.SetTag(Spans.Status, outcome);
        _span.SetTag(Spans.Items, Items);
        if (outcome is not TagValues.Ok and not TagValues.Abandoned)
        {
            Spans.Fail(_span, outcome);
        }
    }
}
