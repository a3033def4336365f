using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Telemetry;

namespace DigestStore.Storing;

// What the steps of one store call share: the settings, where to store, how long the call may take, what has become of each item, and the
// telemetry.
internal sealed record StoreContext(StoreSettings Settings, Partition Partition, CallScope Scope, StoreLedger Ledger, StoreTelemetry Telemetry, string CorrelationId)
{
    public DigestStoreOptions Options => Settings.Options;
}
