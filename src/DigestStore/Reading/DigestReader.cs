using System.Runtime.CompilerServices;
using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Reading;

// Reads the items of a day page by page. Expired items are left out, and records that cannot be read are counted. The deadline starts anew
// with each page, so that a long day can be read.
internal sealed class DigestReader(StoreSettings settings, OpenedTable table, CircuitBreaker breaker, TimeProvider time, StoreTelemetry telemetry, Disposal disposal)
{
    public async Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken)
    {
        var items = new List<StoredDigestItem>();
        var unreadable = new Unreadables();
        await foreach (StoredDigestItem item in ReadAsync(ReadCallTelemetry.Get, date, unreadable, cancellationToken).ConfigureAwait(false))
        {
            items.Add(item);
        }

        return new Digest(date, items, unreadable.Count);
    }

    public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken) =>
        ReadAsync(ReadCallTelemetry.Read, date, new Unreadables(), cancellationToken);

    private async IAsyncEnumerable<StoredDigestItem> ReadAsync(string operation, DateOnly date, Unreadables unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Partition partition = settings.PartitionOf(date);
        using var scope = new CallScope(time, settings.Options.ReadDeadline, cancellationToken, disposal);
        var gateway = new TableGateway(table, scope, settings, breaker, telemetry.Instruments);
        using var call = new ReadCallTelemetry(telemetry, operation, partition, scope, settings.Options.Caller);
        var cursor = new PageCursor();
        while (!cursor.IsAtEnd)
        {
            call.Resume();
            scope.RestartDeadline();
            PageReply page = await gateway.QueryAsync(PageRequest.OfDay(partition, cursor.After, settings.Options.ConsistentReads)).ConfigureAwait(false);
            if (cursor.Advance(page) is { } fault)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw call.Failed(fault, page.Operation);
            }

            // The time that the caller spends on the items of a page does not count towards the deadline.
            scope.StopDeadline();
            unreadable.Count += page.Unreadable;
            DateTimeOffset now = time.GetUtcNow();
            foreach (ItemRecord record in page.Items)
            {
                if (scope.IsDisposed)
                {
                    throw call.Failed(scope.EndFault, page.Operation);
                }

                if (record.IsReadable && !record.IsExpired(now))
                {
                    call.Items++;
                    yield return record.Stored;
                }
            }
        }

        call.Done(unreadable.Count);
    }

    private sealed class Unreadables
    {
        public int Count { get; set; }
    }
}
