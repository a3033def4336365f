using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.History;

// What the calls of the history are made of. The settings do not change while a call runs.
internal sealed record HistorySources(StoreSettings Settings, OpenedTable Table, CircuitBreaker Breaker, TimeProvider Time, StoreTelemetry Telemetry, Disposal Disposal)
{
    // The deadline bounds each step of the call. Null: ReadDeadline does.
    public HistoryCall Begin(string operation, DateOnly from, DateOnly to, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        new(this, operation, Settings.DaysOf(from, to), deadline ?? Settings.Options.ReadDeadline, cancellationToken);
}

// One call of the history: its clock and end, its way to the table, and its telemetry.
internal sealed class HistoryCall : IDisposable
{
    private readonly CancellationToken _cancellationToken;

    public HistoryCall(HistorySources sources, string operation, DayRange days, TimeSpan deadline, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        Scope = new CallScope(sources.Time, deadline, cancellationToken, sources.Disposal);
        Gateway = new TableGateway(sources.Table, Scope, sources.Settings, sources.Breaker, sources.Telemetry.Instruments);
        Telemetry = new ReadCallTelemetry(sources.Telemetry, operation, days, Scope, sources.Settings.Options.Caller);
    }

    public CallScope Scope { get; }

    public TableGateway Gateway { get; }

    public ReadCallTelemetry Telemetry { get; }

    // The next step begins: the deadline counts anew, and the span is the current one again after the caller's code has run.
    public void NextStep()
    {
        Telemetry.Resume();
        Scope.RestartDeadline();
    }

    // The caller's code runs next, and its time does not count.
    public void Pause() => Scope.StopDeadline();

    public void ThrowIfFailed(TableReply? reply, string deletedSoFar = "") => ThrowIfFailed(reply?.Fault, reply?.Operation ?? "", deletedSoFar);

    public void ThrowIfFailed(TableFault? fault, string action, string deletedSoFar = "")
    {
        if (fault is not null)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            throw Telemetry.Failed(fault, action, deletedSoFar);
        }
    }

    public void Dispose()
    {
        Telemetry.Dispose();
        Scope.Dispose();
    }
}
