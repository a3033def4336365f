using System.Runtime.CompilerServices;
using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.History;

// A day of a period, and whether its header is there. A day can lose its header, and still has its items.
internal readonly record struct PeriodDay(Digest Digest, bool HasHeader);

// Reads the days of a period in the order of their dates. The first pages of the next days are requested ahead, and no others, so that
// little memory is needed however long the period is.
internal sealed class PeriodReader(HistorySources sources)
{
    private const int PagesAhead = 4;

    public async IAsyncEnumerable<Digest> ReadAsync(DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (PeriodDay day in ReadAsync(ReadCallTelemetry.ReadDays, from, to, cancellationToken).ConfigureAwait(false))
        {
            yield return day.Digest;
        }
    }

    public async Task<PeriodStatistics> GetStatisticsAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var statistics = new DayStatistics();
        (int days, int withoutHeader) = (0, 0);
        await foreach (PeriodDay day in ReadAsync(ReadCallTelemetry.Statistics, from, to, cancellationToken).ConfigureAwait(false))
        {
            statistics.Add(day.Digest);
            days++;
            withoutHeader += day.HasHeader ? 0 : 1;
        }

        return statistics.ToPeriod(from, to, days, withoutHeader);
    }

    // Days of which nothing is stored are left out.
    private async IAsyncEnumerable<PeriodDay> ReadAsync(string operation, DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HistoryCall call = sources.Begin(operation, from, to, cancellationToken);
        var ahead = new Queue<Task<PageReply>>(PagesAhead);
        (int next, int unreadable) = (from.DayNumber, 0);
        try
        {
            for (int number = from.DayNumber; number <= to.DayNumber; number++)
            {
                call.NextStep();
                for (; ahead.Count < PagesAhead && next <= to.DayNumber; next++)
                {
                    ahead.Enqueue(RequestAsync(call, sources.Settings.PartitionOf(DateOnly.FromDayNumber(next)), after: null));
                }

                (PeriodDay Day, bool IsStored) read = await ReadDayAsync(call, DateOnly.FromDayNumber(number), ahead.Dequeue()).ConfigureAwait(false);
                unreadable += read.Day.Digest.Unreadable;
                call.Telemetry.Items += read.Day.Digest.Count;
                if (read.IsStored)
                {
                    call.Pause();
                    yield return read.Day;
                }
            }

            call.Telemetry.Done(unreadable);
        }
        finally
        {
            // The caller may have stopped before the last day, and pages may still be on their way.
            call.Scope.End();
            await Task.WhenAll(ahead).ConfigureAwait(false);
        }
    }

    private async Task<(PeriodDay Day, bool IsStored)> ReadDayAsync(HistoryCall call, DateOnly date, Task<PageReply> firstPage)
    {
        Partition partition = sources.Settings.PartitionOf(date);
        var items = new List<StoredDigestItem>();
        (int unreadable, bool hasHeader) = (0, false);
        var cursor = new PageCursor();
        while (!cursor.IsAtEnd)
        {
            PageReply page = await (cursor.After is null ? firstPage : RequestAsync(call, partition, cursor.After)).ConfigureAwait(false);
            call.ThrowIfFailed(cursor.Advance(page), page.Operation);
            call.NextStep();
            hasHeader |= page.Header is not null;
            unreadable += page.Unreadable;
            DateTimeOffset now = sources.Time.GetUtcNow();
            items.AddRange(page.Items.Where(record => record.IsReadable && !record.IsExpired(now)).Select(static record => record.Stored!));
        }

        return (new PeriodDay(new Digest(date, items, unreadable), hasHeader), items.Count + unreadable > 0);
    }

    private Task<PageReply> RequestAsync(HistoryCall call, Partition partition, string? after) =>
        call.Gateway.QueryAsync(PageRequest.OfDay(partition, after, sources.Settings.Options.ConsistentReads));
}
