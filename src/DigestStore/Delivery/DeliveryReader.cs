using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Delivery;

// Reads what the header of a day says about its delivery.
internal sealed class DeliveryReader(StoreSettings settings, OpenedTable table, CircuitBreaker breaker, TimeProvider time, StoreTelemetry telemetry, Disposal disposal)
{
    public async Task<DeliveryState?> GetAsync(DateOnly date, CancellationToken cancellationToken)
    {
        using var scope = new CallScope(time, settings.Options.ReadDeadline, cancellationToken, disposal);
        Partition partition = settings.PartitionOf(date);
        using var call = new ReadCallTelemetry(telemetry, ReadCallTelemetry.Delivery, partition, scope, settings.Options.Caller);
        var gateway = new TableGateway(table, scope, settings, breaker, telemetry.Instruments);
        LookupReply reply = await gateway.LookupAsync(LookupRequest.OfHeader(partition, settings.Options.ConsistentReads)).ConfigureAwait(false);
        if (reply.Fault is { } fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw call.Failed(fault, reply.Operation);
        }

        DateTimeOffset now = time.GetUtcNow();
        DeliveryRecord? record = reply.Records is [var header] ? header.ToDelivery() : null;
        if (record is null || record.IsExpired(now))
        {
            call.Done();
            return null;
        }

        if (record.IsNewer || DeliveryStates.Of(date, record, now) is not { } state)
        {
            throw call.FailedOnNewerHeader();
        }

        call.Items = 1;
        call.Done();
        return state;
    }
}
