using System.Runtime.CompilerServices;
using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.History;

// Finds the days that have a page, newest first. The id of the page and the dates are known, so the keys are too: the header and the item
// of each day are looked up, and only a day whose ids were made with other rules is read.
internal sealed class PageHistory(HistorySources sources)
{
    private const int DaysInLookup = Schema.MaxBatchGetKeys / 2;

    public async IAsyncEnumerable<StoredDigestItem> FindAsync(DigestItemId id, DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HistoryCall call = sources.Begin(ReadCallTelemetry.FindAll, from, to, cancellationToken);
        int unreadable = 0;
        foreach (int[] numbers in Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Reverse().Chunk(DaysInLookup))
        {
            call.NextStep();
            Partition[] days = Array.ConvertAll(numbers, number => sources.Settings.PartitionOf(DateOnly.FromDayNumber(number)));
            Dictionary<RecordKey, StoredRecord> found = await LookUpAsync(call, id, days).ConfigureAwait(false);
            foreach (Partition day in days)
            {
                ItemRecord? record = await FindInDayAsync(call, id, day, found).ConfigureAwait(false);
                unreadable += record is { IsReadable: false } ? 1 : 0;
                if (record is { IsReadable: true } && !record.IsExpired(sources.Time.GetUtcNow()))
                {
                    call.Telemetry.Items++;
                    call.Pause();
                    yield return record.Stored!;
                    call.NextStep();
                }
            }
        }

        call.Telemetry.Done(unreadable);
    }

    private async Task<Dictionary<RecordKey, StoredRecord>> LookUpAsync(HistoryCall call, DigestItemId id, Partition[] days)
    {
        RecordKey[] keys = [.. days.SelectMany(day => new[] { day.HeaderKey, ItemOf(day, id) })];
        LookupReply reply = await call.Gateway.LookupAsync(new LookupRequest(sources.Settings.Options.TableName, keys, sources.Settings.Options.ConsistentReads)).ConfigureAwait(false);
        call.ThrowIfFailed(reply);
        return reply.Records.ToDictionary(static record => record.Key);
    }

    // The same record that a find on this day would return. Without a header nobody knows the rules of a day, so that only the id counts.
    private async Task<ItemRecord?> FindInDayAsync(HistoryCall call, DigestItemId id, Partition day, Dictionary<RecordKey, StoredRecord> found)
    {
        HeaderRecord? header = found.GetValueOrDefault(day.HeaderKey)?.ToHeader();
        if (header is not { IsWrittenByStore: true } || string.Equals(header.IdRules, sources.Settings.Identity.Fingerprint, StringComparison.Ordinal))
        {
            return found.GetValueOrDefault(ItemOf(day, id))?.ToItem(id, day.Date);
        }

        call.NextStep();
        var items = new List<ItemRecord>();
        PageReply? failed = await DayPages.ReadAllAsync(call.Gateway, day, sources.Settings.Options.ConsistentReads, page => items.AddRange(page.Items)).ConfigureAwait(false);
        call.ThrowIfFailed(failed);
        return MixedDay.Matching(id, items, sources.Settings.Identity, sources.Time.GetUtcNow()).FirstOrDefault();
    }

    private static RecordKey ItemOf(Partition day, DigestItemId id) => new(day.Key, RecordKeys.Item(id));
}
