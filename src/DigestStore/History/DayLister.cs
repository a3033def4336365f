using System.Runtime.CompilerServices;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.History;

// Lists days by their headers, newest first. Expired headers count as absent.
internal sealed class DayLister(HistorySources sources)
{
    // Dates can be counted, so the keys of all headers of a range are known, and no index is needed.
    public async IAsyncEnumerable<DigestDay> ListAsync(DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HistoryCall call = sources.Begin(ReadCallTelemetry.ListDays, from, to, cancellationToken);
        foreach (int[] days in Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Reverse().Chunk(Schema.MaxBatchGetKeys))
        {
            call.NextStep();
            Partition[] partitions = Array.ConvertAll(days, day => sources.Settings.PartitionOf(DateOnly.FromDayNumber(day)));
            RecordKey[] keys = Array.ConvertAll(partitions, static partition => partition.HeaderKey);
            LookupReply reply = await call.Gateway.LookupAsync(new LookupRequest(sources.Settings.Options.TableName, keys, Consistent: true)).ConfigureAwait(false);
            call.ThrowIfFailed(reply);
            Dictionary<RecordKey, StoredRecord> found = reply.Records.ToDictionary(static record => record.Key);
            call.Pause();
            for (int index = 0; index < days.Length; index++)
            {
                if (found.TryGetValue(keys[index], out StoredRecord? header) && IsLive(header))
                {
                    call.Telemetry.Items++;
                    yield return DayOf(header, partitions[index].Date);
                }
            }
        }

        call.Telemetry.Done();
    }

    public async IAsyncEnumerable<DigestDay> ListAsync(DeliveryStatus status, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HistoryCall call = sources.Begin(ReadCallTelemetry.ListDays, DateOnly.MinValue, DateOnly.MaxValue, cancellationToken);
        string key = RecordKeys.StatusIndex(sources.Settings.Options.DigestName, HeaderStatus.TextOf(status));
        var cursor = new RangeCursor(new PageRequest(sources.Settings.Options.TableName, key, Consistent: false) { IsByStatus = true, IsDescending = true });

        // The loop ends, because the cursor limits the number of pages.
        while (!cursor.IsAtEnd)
        {
            call.NextStep();
            PageReply page = await call.Gateway.QueryAsync(cursor.Request).ConfigureAwait(false);
            call.ThrowIfFailed(cursor.Advance(page), page.Operation);
            call.Pause();
            foreach (StoredRecord header in page.Records)
            {
                if (RecordKeys.TryParseDate(header.Text(N.StatusIndexSk), out DateOnly date) && IsLive(header))
                {
                    call.Telemetry.Items++;
                    yield return DayOf(header, date);
                }
            }
        }

        call.Telemetry.Done();
    }

    private bool IsLive(StoredRecord header) => !header.ToHeader().IsExpired(sources.Time.GetUtcNow());

    private static DigestDay DayOf(StoredRecord header, DateOnly date)
    {
        if (header.IsNewer)
        {
            return new DigestDay { Date = date, Status = null };
        }

        DeliveryRecord delivery = header.ToDelivery();
        return new DigestDay
        {
            Date = date,
            Status = delivery.Status,
            LastStoreStatus = StoreStatusText.Parse(header.Text(N.LastStoreStatus)),
            StoredAt = header.Instant(N.StoredAt),
            Runs = header.Number(N.Runs) ?? 0,
            ItemsInserted = delivery.Inserted,
            ItemsAfterDelivery = delivery.ItemsAfterDelivery,
            DeliveryAttempts = delivery.Attempts,
            DeliveredAt = delivery.DeliveredAt,
            MessageId = delivery.MessageId,
            SentCount = delivery.SentCount,
            HeldBy = delivery.LeaseUntil is null ? null : delivery.LeaseOwner,
            HeldUntil = delivery.LeaseUntil,
            FailedAt = delivery.FailedAt,
            LastError = delivery.LastError,
            ExpiresAt = delivery.ExpiresAt,
        };
    }
}
