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
        string? after = null;
        bool isLast = false;
        while (!isLast)
        {
            PageReply page = await ReadPageAsync(partition, after, cancellationToken).ConfigureAwait(false);
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

            (after, isLast) = (page.Next, page.Next is null);
        }

        if (unreadable.Count > 0)
        {
            log.Unreadable(partition, unreadable.Count);
        }
    }

    private async Task<PageReply> ReadPageAsync(Partition partition, string? after, CancellationToken cancellationToken)
    {
        using var scope = new CallScope(time, settings.Options.ReadDeadline, cancellationToken);
        var gateway = new TableGateway(table, scope, settings, breaker, late);
        PageReply page = await gateway.QueryAsync(new PageRequest(partition, after, settings.Options.ConsistentReads)).ConfigureAwait(false);
        TableFault? fault = page.Fault ?? (page.Next is not null && !DayPages.Advances(after, page.Next) ? DayPages.NoProgress : null);
        if (fault is not null)
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
