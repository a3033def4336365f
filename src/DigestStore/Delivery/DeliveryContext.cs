using System.Diagnostics.CodeAnalysis;
using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Delivery;

// What the steps of one delivery, or of one of its single calls, share: the settings, the table, the clock, and what the call has cost.
[SuppressMessage("Design", "CA1001", Justification = "The two sources have no timer before the delivery is canceled, and none 2 seconds after it.")]
internal sealed class DeliveryContext(StoreSettings settings, OpenedTable table, CircuitBreaker breaker, StoreTelemetry telemetry, Disposal disposal, DeliveryCall call, IDeadLetterSink? sink)
{
    // How long recording the end may hold up the caller after the delivery was canceled. The last part is for the letter about what could not be
    // recorded.
    private static readonly TimeSpan TimeForRecords = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan TimeForLetter = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _recordsEnd = new(Timeout.InfiniteTimeSpan, call.Whole.Time);
    private readonly CancellationTokenSource _letterEnd = new(Timeout.InfiniteTimeSpan, call.Whole.Time);
    private bool _isLate;

    public StoreSettings Settings => settings;

    public StoreTelemetry Telemetry => telemetry;

    public DeliveryCall Call => call;

    public TimeProvider Time => call.Whole.Time;

    public Partition Partition => call.Partition;

    // Without valid options nobody knows the table that a letter would be for.
    public IDeadLetterSink? Sink => settings.IsFallback || settings.Options is { Enabled: false, WhenDisabled: DisabledItems.Drop } ? null : sink;

    public bool IsDisabled => !settings.Options.Enabled;

    // The clock of a lease that was granted, until the email is sent. It bounds the steps between, so that an outage leaves time for sending.
    public LeaseClock? Lease { get; set; }

    // Fires when a letter has no more time.
    public CancellationToken LetterEnd => _letterEnd.Token;

    // The caller's token ends the steps that it is handed to. The others, and the letter, get little time from the moment in which it fires, also if
    // it has fired already.
    public CancellationTokenRegistration BeginLateStepsWith(CancellationToken caller) =>
        caller.UnsafeRegister(static context => ((DeliveryContext)context!).BeginLateSteps(), this);

    // From now on, the steps that the caller does not end, and the letter, get the time that is left after a cancellation: also the step that
    // is under way.
    private void BeginLateSteps()
    {
        if (!Interlocked.Exchange(ref _isLate, true))
        {
            _recordsEnd.CancelAfter(TimeForRecords);
            _letterEnd.CancelAfter(TimeForLetter);
        }
    }

    // Each step has a time of its own, so that a table that does not answer holds the email up for no longer. A step that records an end has no
    // token of the caller.
    public async Task<T> RunAsync<T>(Func<TableGateway, Task<T>> step, CancellationToken cancellationToken)
    {
        CancellationToken ended = cancellationToken.CanBeCanceled ? cancellationToken : _recordsEnd.Token;
        using var scope = new CallScope(Time, TimeOfStep(), ended, disposal, call.Whole);
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
        return Lease is { TimeOfStep: var left } && left < time ? left : time;
    }
}
