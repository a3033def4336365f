using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Delivery;
using DigestStore.Hosting;
using DigestStore.Telemetry;

namespace DigestStore;

// The delivery. A table that cannot be opened, options that are invalid and a repository that is disposed of keep no email from going out.
public abstract partial class DigestRepositoryBase
{
    /// <inheritdoc/>
    public async Task<DeliveryResult> DeliverAsync(
        DateOnly date, IReadOnlyCollection<DigestItem> items, Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>> send, DeliveryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(send);
        DeliveryOptions checkedOptions = Checked(options);
        using Disposal.OpenStore open = _disposal.BeginStore();
        using DeliveryCall call = Begin(DeliveryCall.Deliver, date, out DeliveryContext context, checkedOptions.CorrelationId, checkedOptions.Caller);
        return await new DeliveryRun(context, checkedOptions, items, cancellationToken).RunAsync(send).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DeliveryLease> AcquireAsync(DateOnly date, DeliveryOptions? options = null, CancellationToken cancellationToken = default)
    {
        DeliveryOptions checkedOptions = Checked(options);
        using DeliveryCall call = Begin(DeliveryCall.Acquire, date, out DeliveryContext context, checkedOptions.CorrelationId, checkedOptions.Caller);
        return await new DeliveryCalls(context, cancellationToken).AcquireAsync(checkedOptions).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DeliveryChange> AnnounceAsync(DeliveryLease lease, IReadOnlyCollection<DigestItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        using DeliveryCall call = Begin(DeliveryCall.Announce, lease, out DeliveryContext context);
        return await new DeliveryCalls(context, cancellationToken).AnnounceAsync(lease, items).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DeliveryChange> RenewAsync(DeliveryLease lease, string? checkpoint = null, CancellationToken cancellationToken = default)
    {
        if (checkpoint is not null)
        {
            DeliveryRules.CheckCheckpoint(checkpoint);
        }

        using DeliveryCall call = Begin(DeliveryCall.Renew, lease, out DeliveryContext context);
        return await new DeliveryCalls(context, cancellationToken).RenewAsync(lease, checkpoint).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DeliveryChange> CompleteAsync(DeliveryLease lease, DeliveryReceipt receipt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        using DeliveryCall call = Begin(DeliveryCall.Complete, lease, out DeliveryContext context);
        return await new DeliveryCalls(context, cancellationToken).CompleteAsync(lease, receipt).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DeliveryChange> FailAsync(DeliveryLease lease, DeliveryFailure failure, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(failure);
        using DeliveryCall call = Begin(DeliveryCall.Fail, lease, out DeliveryContext context);
        return await new DeliveryCalls(context, cancellationToken).FailAsync(lease, failure).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DeliveryState?> GetDeliveryAsync(DateOnly date, CancellationToken cancellationToken = default)
    {
        (StoreSettings settings, Table.OpenedTable table) = OpenToRead(ReadCallTelemetry.Delivery, date, cancellationToken);
        return await new DeliveryReader(settings, table, _breaker, _time, _telemetry, _disposal).GetAsync(date, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DeliveryChange> ResolveAsync(DateOnly date, DeliveryResolution resolution, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resolution);
        using DeliveryCall call = Begin(DeliveryCall.Resolve, date, out DeliveryContext context, correlationId: null, resolution.Caller);
        return await new DeliveryCalls(context, cancellationToken).ResolveAsync(resolution).ConfigureAwait(false);
    }

    private static DeliveryOptions Checked(DeliveryOptions? options)
    {
        options ??= new DeliveryOptions();
        return DeliveryRules.Problem(options) is { } problem ? throw new ArgumentException(problem, nameof(options)) : options;
    }

    private DeliveryCall Begin(string operation, DeliveryLease lease, out DeliveryContext context)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return lease.Token.Length > 0
            ? Begin(operation, lease.Date, out context, lease.CorrelationId, lease.Options?.Caller)
            : throw new ArgumentException("The lease has no token, so nothing can be recorded for it. Hand in the lease that AcquireAsync returned.", nameof(lease));
    }

    private DeliveryCall Begin(string operation, DateOnly date, out DeliveryContext context, string? correlationId, string? caller)
    {
        StoreSettings settings = _settings.Current(out _) ?? _fallback;
        var call = new DeliveryCall(_telemetry, operation, settings.PartitionOf(date), _time, _disposal, correlationId, caller ?? settings.Options.Caller);
        context = new DeliveryContext(settings, TableOpener.Open(_tables, settings), _breaker, _telemetry, _disposal, call, _deadLetters);
        return call;
    }
}
