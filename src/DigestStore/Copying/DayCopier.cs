using DigestStore.Calls;
using DigestStore.History;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.Table;
using DigestStore.Telemetry;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Copying;

// Copies one day: reads both sides, writes what the target lacks, and reads the target again. The order is such that a copy can end at any
// point: what was sent is known first, then what became of the email, then the items.
internal sealed class DayCopier(HistorySources from, HistorySources to, bool verifiesOnly, CopyCosts costs, DateOnly date, CancellationToken cancellationToken)
{
    private const string ChangedMeanwhile = "A record has changed between its read and its write.";
    private const string NotAsWritten = "The target, read back, does not have what was copied.";

    // What every program that changes a header or a manifest changes of it.
    private static readonly string[] Marks =
        [N.Version, N.Status, N.Fence, N.LeaseToken, N.LeaseUntil, N.ResolveId, N.LastRunId, N.Runs, N.IdRules, N.ExpiresAt, N.DeletedAt, N.State, N.Count, N.PriorCount];

    private readonly DateTimeOffset _now = to.Time.GetUtcNow();
    private int _copied;

    // Null if the source has nothing of the day.
    public async Task<DigestCopyDay?> CopyAsync()
    {
        DayRecords? source = null;
        try
        {
            source = await OnAsync(from, ReadCallTelemetry.CopyFrom, costs.Source, ReadAsync).ConfigureAwait(false);
            return source.IsEmpty ? null : await OnAsync(to, ReadCallTelemetry.CopyTo, costs.Target, call => CopyAsync(call, source)).ConfigureAwait(false);
        }
        catch (DigestStoreException failure)
        {
            return Failed(source, failure.Reason, failure.Message);
        }
        catch (ObjectDisposedException disposed)
        {
            return Failed(source, DigestStoreErrorReason.Disposed, disposed.Message);
        }
    }

    private DigestCopyDay Failed(DayRecords? source, DigestStoreErrorReason reason, string message) =>
        new() { Date = date, Outcome = DigestCopyOutcome.Failed, Items = source?.Count ?? 0, ItemsCopied = _copied, Error = reason, Message = message };

    private async Task<DigestCopyDay> CopyAsync(HistoryCall call, DayRecords source)
    {
        DayRecords target = await ReadSideAsync(call, to).ConfigureAwait(false);
        var plan = DayPlan.Of(source, target, _now);
        DayPlan left = plan;
        if (!plan.IsEmpty && !verifiesOnly)
        {
            await WriteAsync(call, plan, source, target).ConfigureAwait(false);
            left = DayPlan.Of(source, await ReadSideAsync(call, to).ConfigureAwait(false), _now);
            if (!left.IsEmpty || left.Kept != plan.Kept || (left.Reason is null && plan.Reason is not null))
            {
                throw call.Telemetry.FailedOnChange(NotAsWritten);
            }
        }

        call.Telemetry.Items = _copied;

        // The day may have been sent or decided about since it was planned, so the answer tells what was read last.
        return new DigestCopyDay
        {
            Date = date,
            Outcome = (plan.IsEmpty, verifiesOnly, left.Reason) switch
            {
                (false, true, _) => DigestCopyOutcome.Different,
                (_, _, not null) => DigestCopyOutcome.Kept,
                (true, _, null) => DigestCopyOutcome.AlreadyEqual,
                (false, false, null) => DigestCopyOutcome.Copied,
            },
            Items = source.Count,
            ItemsCopied = _copied,
            ItemsKept = left.Kept,
            KeptBecause = left.Reason,
            Status = left.Status,
        };
    }

    private async Task<DayRecords> ReadAsync(HistoryCall call)
    {
        DayRecords day = await ReadSideAsync(call, from).ConfigureAwait(false);
        call.Telemetry.Items = day.Count;
        return day;
    }

    // Records of a newer version are neither interpreted nor overwritten, and so nothing of their day is copied.
    private async Task<DayRecords> ReadSideAsync(HistoryCall call, HistorySources side)
    {
        DayRecords day = await DayRecords.ReadAsync(call, side.Settings, date, _now).ConfigureAwait(false);
        return day.NewerRecords == 0 ? day : throw call.Telemetry.FailedOnNewerDay(day.NewerRecords);
    }

    private async Task WriteAsync(HistoryCall call, DayPlan plan, DayRecords source, DayRecords target)
    {
        foreach (StoredRecord part in plan.ManifestParts)
        {
            await ReplaceAsync(call, part, target.ManifestParts.FirstOrDefault(there => there.Key == part.Key)).ConfigureAwait(false);
        }

        if (plan.MergesManifest)
        {
            call.NextStep();
            ManifestReply reply = await new ManifestTable(call.Gateway, to.Settings).MergeAsync(source.Manifest!, target.Manifest!).ConfigureAwait(false);
            call.ThrowIfFailed(reply.Fault, reply.Operation);
        }

        if (plan.Header is { } header)
        {
            await ReplaceAsync(call, header, target.StoredHeader).ConfigureAwait(false);
        }

        foreach (StoredRecord other in plan.Others)
        {
            await ReplaceAsync(call, other, seen: null).ConfigureAwait(false);
            _copied++;
        }

        var items = new Queue<ItemCopy>(plan.Items);
        while (items.Count > 0)
        {
            call.NextStep();
            List<ItemCopy> batch = BatchPacker.Take(items, static item => WireSize.Of(item.Record), to.Settings.Options.BatchSize);
            WriteReply reply = await call.Gateway.WriteAllAsync(new WriteBatch(target.Partition, batch, [])).ConfigureAwait(false);
            _copied += batch.Count - reply.Unprocessed.Count;
            call.ThrowIfFailed(reply);
        }
    }

    // A record that has changed since it was seen stays as it is.
    private async Task ReplaceAsync(HistoryCall call, StoredRecord record, StoredRecord? seen)
    {
        call.NextStep();
        AttributeChange[] changes = record.ChangesFrom(seen);
        UpdateReply reply = await call.Gateway.UpdateAsync(new RecordUpdate(to.Settings.Options.TableName, record.Key)
        {
            // A record of nothing but its key needs a change all the same.
            Changes = changes.Length > 0 ? changes : [new AttributeChange.Remove(N.Version)],
            Condition = seen is null ? new RecordCondition.Absent(N.Pk) : new RecordCondition.And([RecordCondition.IsNotNewer, .. Marks.Select(seen.Still).OfType<RecordCondition>()]),
        }).ConfigureAwait(false);

        if (!reply.IsRefused)
        {
            call.ThrowIfFailed(reply);
        }
        else if (!record.IsEqualTo(reply.Record))
        {
            // If they are equal, an earlier attempt whose answer was lost has been applied.
            throw call.Telemetry.FailedOnChange(ChangedMeanwhile);
        }
    }

    private async Task<T> OnAsync<T>(HistorySources side, string operation, CopyCosts.Side cost, Func<HistoryCall, Task<T>> act)
    {
        using HistoryCall call = side.Begin(operation, date, date, cancellationToken);
        try
        {
            T result = await act(call).ConfigureAwait(false);
            call.Telemetry.Done();
            return result;
        }
        finally
        {
            cost.Add(call.Scope);
        }
    }
}
