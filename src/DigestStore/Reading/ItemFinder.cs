using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Day;
using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Reading;

// Finds and deletes items by id or by URL. If the ids of a day were made with other identity rules, one URL may have several records there,
// and all of them are considered.
internal sealed class ItemFinder(StoreSettings settings, OpenedTable table, CircuitBreaker breaker, TimeProvider time, StoreTelemetry telemetry, Disposal disposal)
{
    public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken) =>
        FindAsync(ReadCallTelemetry.Find, date, IdOf(url), matchesUrl: true, cancellationToken);

    public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken) =>
        FindAsync(ReadCallTelemetry.Find, date, id, matchesUrl: false, cancellationToken);

    public Task ProbeAsync(DateOnly date, CancellationToken cancellationToken) =>
        FindAsync(ReadCallTelemetry.Probe, date, default, matchesUrl: false, cancellationToken);

    public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken) =>
        DeleteAsync(date, IdOf(url), matchesUrl: true, cancellationToken);

    public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken) =>
        DeleteAsync(date, id, matchesUrl: false, cancellationToken);

    private async Task<StoredDigestItem?> FindAsync(string operation, DateOnly date, DigestItemId id, bool matchesUrl, CancellationToken cancellationToken)
    {
        using var scope = new CallScope(time, settings.Options.ReadDeadline, cancellationToken, disposal);
        Partition partition = settings.PartitionOf(date);
        using ReadCallTelemetry call = Begin(operation, partition, scope);
        List<ItemRecord> records = await LookUpAsync(Gateway(scope), call, partition, id, matchesUrl, settings.Options.ConsistentReads, cancellationToken).ConfigureAwait(false);
        ItemRecord? record = records.FirstOrDefault();
        if (record is { State: RecordState.Newer })
        {
            throw call.FailedOnNewerSchema(record.Id);
        }

        bool isFound = record is { IsReadable: true } && !record.IsExpired(time.GetUtcNow());
        call.Items = isFound ? 1 : 0;
        call.Done(unreadable: record is { IsReadable: false } ? 1 : 0);
        return isFound ? record!.Stored : null;
    }

    private async Task<bool> DeleteAsync(DateOnly date, DigestItemId id, bool matchesUrl, CancellationToken cancellationToken)
    {
        using var scope = new CallScope(time, settings.Options.ReadDeadline, cancellationToken, disposal);
        TableGateway gateway = Gateway(scope);
        Partition partition = settings.PartitionOf(date);
        using ReadCallTelemetry call = Begin(ReadCallTelemetry.Delete, partition, scope);
        List<ItemRecord> records = await LookUpAsync(gateway, call, partition, id, matchesUrl, consistent: true, cancellationToken).ConfigureAwait(false);

        // A record of a newer schema must stay, and with it the item would still exist. So this is checked before anything is deleted.
        if (records.Find(static record => record.State == RecordState.Newer) is { } newer)
        {
            throw call.FailedOnNewerSchema(newer.Id);
        }

        WriteReply? failed = await DeleteAllAsync(gateway, partition, records, call).ConfigureAwait(false);
        ThrowIfFailed(call, failed, cancellationToken, ReadFailures.DeletedSoFar(call.Items, records.Count));
        call.Done();

        // No reader saw an expired record any more, so its deletion does not count. A damaged record was still counted by readers.
        DateTimeOffset now = time.GetUtcNow();
        return records.Exists(record => !record.IsExpired(now));
    }

    // Returns null if all records were deleted, and else the reply with the fault. The call counts the deleted ones, for the message of the exception.
    private async Task<WriteReply?> DeleteAllAsync(TableGateway gateway, Partition partition, List<ItemRecord> records, ReadCallTelemetry call)
    {
        foreach (DigestItemId[] ids in records.Select(static record => record.Id).Chunk(settings.Options.BatchSize))
        {
            WriteReply reply = await gateway.DeleteAsync(partition, ids).ConfigureAwait(false);
            call.Items += ids.Length - reply.Unprocessed.Count;
            if (reply.Fault is not null)
            {
                return reply;
            }
        }

        return null;
    }

    // The records of the id or of the URL, in the order of MixedDay. An id has at most one record, and so has a URL, unless ids of the day
    // were made with other identity rules.
    private async Task<List<ItemRecord>> LookUpAsync(TableGateway gateway, ReadCallTelemetry call, Partition partition, DigestItemId id, bool matchesUrl, bool consistent, CancellationToken cancellationToken)
    {
        LookupReply reply = await gateway.LookupAsync(DayLookup.Of(partition, matchesUrl, [id], consistent)).ConfigureAwait(false);
        ThrowIfFailed(call, reply, cancellationToken);
        (HeaderRecord? header, List<ItemRecord> items) = DayLookup.Read(reply, partition.Date);
        if (!matchesUrl || string.Equals(header?.IdRules, settings.Identity.Fingerprint, StringComparison.Ordinal))
        {
            return items;
        }

        var day = new List<ItemRecord>();
        PageReply? failed = await DayPages.ReadAllAsync(gateway, partition, consistent, page => day.AddRange(page.Items)).ConfigureAwait(false);
        ThrowIfFailed(call, failed, cancellationToken);
        return MixedDay.Matching(id, day, settings.Identity, time.GetUtcNow());
    }

    private static void ThrowIfFailed(ReadCallTelemetry call, TableReply? reply, CancellationToken cancellationToken, string deletedSoFar = "")
    {
        if (reply is { Fault: { } fault })
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw call.Failed(fault, reply.Operation, deletedSoFar);
        }
    }

    private ReadCallTelemetry Begin(string operation, Partition partition, CallScope scope) => new(telemetry, operation, partition, scope, settings.Options.Caller);

    private TableGateway Gateway(CallScope scope) => new(table, scope, settings, breaker, telemetry.Instruments);

    private DigestItemId IdOf(string url) => DigestItemId.Create(url, settings.Identity);
}
