using DigestStore.Configuration;
using DigestStore.Identity;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Reading;

// Finds and deletes one item, by id or by URL, also on days whose ids were made under other identity rules.
internal sealed class ItemFinder(StoreSettings settings, IDigestTable table, CircuitBreaker breaker, TimeProvider time, StoreTelemetry telemetry)
{
    public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken) =>
        FindAsync(ReadCall.Find, date, IdOf(url), matchesUrl: true, cancellationToken);

    public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken) =>
        FindAsync(ReadCall.Find, date, id, matchesUrl: false, cancellationToken);

    public Task ProbeAsync(DateOnly date, CancellationToken cancellationToken) =>
        FindAsync(ReadCall.Probe, date, default, matchesUrl: false, cancellationToken);

    public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken) =>
        DeleteAsync(date, IdOf(url), matchesUrl: true, cancellationToken);

    public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken) =>
        DeleteAsync(date, id, matchesUrl: false, cancellationToken);

    private async Task<StoredDigestItem?> FindAsync(string operation, DateOnly date, DigestItemId id, bool matchesUrl, CancellationToken cancellationToken)
    {
        using var scope = new CallScope(time, settings.Options.ReadDeadline, cancellationToken);
        Partition partition = settings.PartitionOf(date);
        using ReadCall call = Begin(operation, partition, scope);
        ItemRecord? record = await LookUpAsync(Gateway(scope), call, partition, id, matchesUrl, settings.Options.ConsistentReads, cancellationToken).ConfigureAwait(false);
        bool isThere = record is { IsReadable: true } && !record.IsExpired(time.GetUtcNow());
        call.Items = isThere ? 1 : 0;
        call.Done(unreadable: record is { IsReadable: false } ? 1 : 0);
        return isThere ? record!.Stored : null;
    }

    private async Task<bool> DeleteAsync(DateOnly date, DigestItemId id, bool matchesUrl, CancellationToken cancellationToken)
    {
        using var scope = new CallScope(time, settings.Options.ReadDeadline, cancellationToken);
        TableGateway gateway = Gateway(scope);
        Partition partition = settings.PartitionOf(date);
        using ReadCall call = Begin(ReadCall.Delete, partition, scope);
        if (await LookUpAsync(gateway, call, partition, id, matchesUrl, consistent: true, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            call.Done();
            return false;
        }

        var delete = new WriteBatch(partition, [], [found.Id]);
        WriteReply reply = await gateway.RetryAsync(isRetry => gateway.WriteOnceAsync(delete, isRetry)).ConfigureAwait(false);
        if (reply.CameToNothing)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw call.Failed(reply.Fault ?? new TableFault(FaultKind.Throttled, "UnprocessedItems"), reply.Operation);
        }

        call.Items = 1;
        call.Done();

        // An expired record was gone for every reader already; a damaged one was not.
        return !found.IsExpired(time.GetUtcNow());
    }

    private async Task<ItemRecord?> LookUpAsync(TableGateway gateway, ReadCall call, Partition partition, DigestItemId id, bool matchesUrl, bool consistent, CancellationToken cancellationToken)
    {
        LookupReply reply = await gateway.LookupAsync(new LookupRequest(partition, WithHeader: matchesUrl, [id], consistent)).ConfigureAwait(false);
        ThrowIfFailed(call, reply.Fault, reply.Operation, cancellationToken);
        ItemRecord? record = reply.Items.Count > 0 ? reply.Items[0] : null;
        bool otherRules = matchesUrl && !string.Equals(reply.Header?.IdRules, settings.Identity.Fingerprint, StringComparison.Ordinal);
        if (otherRules && !IsFor(record, id))
        {
            record = await FindByUrlAsync(gateway, call, partition, id, consistent, cancellationToken).ConfigureAwait(false);
        }

        if (record is { State: RecordState.Newer })
        {
            throw call.MetNewer(record.Id);
        }

        return record;
    }

    // Under other rules another page may have been given this id.
    private bool IsFor(ItemRecord? record, DigestItemId id) =>
        record is { IsReadable: true } && DigestItemId.TryCreate(record.Stored.Item.Url, settings.Identity, out DigestItemId today) && today == id;

    private async Task<ItemRecord?> FindByUrlAsync(TableGateway gateway, ReadCall call, Partition partition, DigestItemId id, bool consistent, CancellationToken cancellationToken)
    {
        var day = new List<ItemRecord>();
        TableFault? fault = await DayPages.ReadAllAsync(gateway, partition, consistent, page => day.AddRange(page.Items)).ConfigureAwait(false);
        ThrowIfFailed(call, fault, "Query", cancellationToken);
        return MixedDay.MatchByUrl(day, settings.Identity, time.GetUtcNow()).GetValueOrDefault(id);
    }

    private static void ThrowIfFailed(ReadCall call, TableFault? fault, string action, CancellationToken cancellationToken)
    {
        if (fault is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw call.Failed(fault, action);
        }
    }

    private ReadCall Begin(string operation, Partition partition, CallScope scope) => new(telemetry, operation, partition, scope, settings.Options.Caller);

    private TableGateway Gateway(CallScope scope) => new(table, scope, settings, breaker, telemetry.Instruments);

    private DigestItemId IdOf(string url)
    {
        if (settings.Identity.TryCanonicalize(url, out string? canonical, out StoreProblemReason defect))
        {
            return DigestItemId.FromCanonical(canonical);
        }

        throw new ArgumentException($"No item can have this URL: {defect}. {Storing.ProblemMessages.Of(defect)}", nameof(url));
    }
}
