using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Delivery;

// What the steps of one delivery, or of one of its single calls, share: the settings, the table, the clock, and what the call has cost.
internal sealed class DeliveryContext(StoreSettings settings, OpenedTable table, CircuitBreaker breaker, StoreTelemetry telemetry, Disposal disposal, DeliveryCall call, IDeadLetterSink? sink)
{
    // The longest that recording the end may hold up the caller after the delivery was canceled.
    private static readonly TimeSpan TimeAfterCancellation = TimeSpan.FromSeconds(2);

    private long? _lateSince;

    public StoreSettings Settings => settings;

    public StoreTelemetry Telemetry => telemetry;

    public DeliveryCall Call => call;

    public TimeProvider Time => call.Whole.Time;

    public Partition Partition => call.Partition;

    // Without valid options nobody knows the table that a letter would be for.
    public IDeadLetterSink? Sink => settings.IsFallback || settings.Options is { Enabled: false, WhenDisabled: DisabledItems.Drop } ? null : sink;

    public bool IsDisabled => !settings.Options.Enabled;

    // From now on, all steps together get the time that is left after a cancellation.
    public void BeginLateSteps() => _lateSince ??= Time.GetTimestamp();

    // Each step has a time of its own, so that a table that does not answer holds the email up for no longer.
    public async Task<T> RunAsync<T>(Func<TableGateway, Task<T>> step, CancellationToken cancellationToken)
    {
        using var scope = new CallScope(Time, TimeOfStep(), cancellationToken, disposal, call.Whole);
        return await step(new TableGateway(table, scope, settings, breaker, telemetry.Instruments)).ConfigureAwait(false);
    }

    public Task<ManifestReply> OnManifestAsync(Func<ManifestTable, Task<ManifestReply>> step, CancellationToken cancellationToken) =>
        RunAsync(gateway => step(new ManifestTable(gateway, settings)), cancellationToken);

    public Task<UpdateReply> UpdateAsync(RecordUpdate update, CancellationToken cancellationToken) => RunAsync(gateway => gateway.UpdateAsync(update), cancellationToken);

    // The fault as an exception, for results. Nothing throws it.
    public Exception ErrorOf(TableFault fault, string action) => IsDisabled ? Faults.ReadFailures.Disabled() : Faults.ReadFailures.Of(fault, action, Partition, call.Names.CorrelationId);

    private TimeSpan TimeOfStep()
    {
        TimeSpan time = settings.Options.ReadDeadline;
        if (_lateSince is not { } since)
        {
            return time;
        }

        TimeSpan left = TimeAfterCancellation - Time.GetElapsedTime(since);
        return left < time ? left : time;
    }
}
