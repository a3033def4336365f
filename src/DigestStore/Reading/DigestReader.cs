using System.Runtime.CompilerServices;
using DigestStore.Configuration;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Reading;

// Queries pages, filters what has expired, counts what cannot be read. Every page has a deadline of its own.
internal sealed class DigestReader(StoreSettings settings, IDigestTable table, CircuitBreaker breaker, LateAnswers late, TimeProvider time, StoreLog log)
{
    public async Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken)
    {
        var items = new List<StoredDigestItem>();
        var unreadable = new Unreadables();
        await foreach (StoredDigestItem item in ReadAsync(date, unreadable, cancellationToken).ConfigureAwait(false))
        {
            items.Add(item);
        }

        return new Digest(date, items, unreadable.Count);
    }

    public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken) =>
        ReadAsync(date, new Unreadables(), cancellationToken);

    private async IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, Unreadables unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Partition partition = settings.PartitionOf(date);
        var cursor = new PageCursor();
        while (!cursor.IsAtEnd)
        {
            PageReply page = await ReadPageAsync(partition, cursor, cancellationToken).ConfigureAwait(false);
            unreadable.Count += page.Strangers + (page.Header is { IsNewer: true } ? 1 : 0);
            DateTimeOffset now = time.GetUtcNow();
            foreach (ItemRecord record in page.Items)
            {
                if (!record.IsReadable)
                {
                    unreadable.Count++;
                }
                else if (!record.IsExpired(now))
                {
                    yield return record.Stored;
                }
            }
        }

        if (unreadable.Count > 0)
        {
            log.Unreadable(partition, unreadable.Count);
        }
    }

    private async Task<PageReply> ReadPageAsync(Partition partition, PageCursor cursor, CancellationToken cancellationToken)
    {
        using var scope = new CallScope(time, settings.Options.ReadDeadline, cancellationToken);
        var gateway = new TableGateway(table, scope, settings, breaker, late);
        PageReply page = await gateway.QueryAsync(new PageRequest(partition, cursor.After, settings.Options.ConsistentReads)).ConfigureAwait(false);
        if (cursor.Advance(page) is { } fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ReadFailures.Tell(fault, "Query", partition, scope, log);
        }

        return page;
    }

    private sealed class Unreadables
    {
        public int Count { get; set; }
    }
}
