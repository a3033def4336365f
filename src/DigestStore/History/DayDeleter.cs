using DigestStore.Day;
using DigestStore.Faults;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.History;

// Deletes the items of a day. The order is such that a deletion can end at any point: the next one finds what is left. The manifest and the
// fence stay, because without them the same links could be sent again.
internal sealed class DayDeleter(HistorySources sources)
{
    // How often the items that are left are read and deleted. Store calls may add items meanwhile, and a deletion does not go on for ever.
    private const int MaxRounds = 3;

    public async Task<DeleteDayResult> DeleteAsync(DateOnly date, CancellationToken cancellationToken)
    {
        using HistoryCall call = sources.Begin(ReadCallTelemetry.DeleteDay, date, date, cancellationToken);
        Partition partition = sources.Settings.PartitionOf(date);
        DayContent content = await ReadAsync(call, partition).ConfigureAwait(false);
        if (content.NewerRecords > 0)
        {
            throw call.Telemetry.FailedOnNewerDay(content.NewerRecords);
        }

        if (content.IsEmpty)
        {
            return Done(call, new DeleteDayResult { Date = date, Outcome = DeleteDayOutcome.NothingStored });
        }

        Manifest? manifest = await ReadManifestAsync(call, date).ConfigureAwait(false);
        var lease = new DayLease(call.Gateway, partition, call.Telemetry.Caller);
        call.NextStep();
        if (await lease.TakeAsync(hasItems: content.Ids.Count > 0, manifest?.Fence ?? 0).ConfigureAwait(false) is { } refusal)
        {
            call.ThrowIfFailed(refusal.Failed);
            return refusal switch
            {
                { IsNewer: true } => throw call.Telemetry.FailedOnNewerDay(1),
                { IsDeleted: true } => Done(call, new DeleteDayResult { Date = date, Outcome = DeleteDayOutcome.NothingStored }),
                _ => Held(call, new DeleteDayResult { Date = date, Outcome = DeleteDayOutcome.HeldByAnother, HeldBy = refusal.HeldBy, RetryAfter = refusal.RetryAfter }),
            };
        }

        bool isDeleted = await DeleteItemsAsync(call, lease, partition, content).ConfigureAwait(false) is { } left &&
            await CloseAsync(call, lease, date, manifest).ConfigureAwait(false) &&
            await EndAsync(call, lease, partition, left).ConfigureAwait(false);
        return isDeleted
            ? Done(call, new DeleteDayResult { Date = date, Outcome = DeleteDayOutcome.Deleted, ItemsDeleted = call.Telemetry.Items })
            : Held(call, new DeleteDayResult { Date = date, Outcome = DeleteDayOutcome.HeldByAnother, ItemsDeleted = call.Telemetry.Items, RetryAfter = DayLease.LongestWait });
    }

    private static DeleteDayResult Done(HistoryCall call, DeleteDayResult result)
    {
        call.Telemetry.Done();
        return result;
    }

    private static DeleteDayResult Held(HistoryCall call, DeleteDayResult result)
    {
        call.Telemetry.HeldByAnother();
        return result;
    }

    private static async Task<DayContent> ReadAsync(HistoryCall call, Partition partition)
    {
        var content = new DayContent();
        PageReply? failed = await DayPages.ReadAllAsync(call.Gateway, partition, consistent: true, page =>
        {
            call.NextStep();
            content.Add(page);
        }).ConfigureAwait(false);
        call.ThrowIfFailed(failed);
        return content;
    }

    // The day without items, as it was read last. Null if another call has taken the lease meanwhile, or store calls add items faster than they
    // are deleted.
    private async Task<DayContent?> DeleteItemsAsync(HistoryCall call, DayLease lease, Partition partition, DayContent content)
    {
        for (int round = 0; round < MaxRounds && content.Ids.Count > 0; round++)
        {
            foreach (DigestItemId[] ids in content.Ids.Chunk(sources.Settings.Options.BatchSize))
            {
                call.NextStep();
                if (!IsHeld(call, await lease.RenewIfNeededAsync().ConfigureAwait(false)))
                {
                    return null;
                }

                WriteReply reply = await call.Gateway.DeleteAsync(partition, ids).ConfigureAwait(false);
                call.Telemetry.Items += ids.Length - reply.Unprocessed.Count;
                call.ThrowIfFailed(reply, ReadFailures.DayDeletedSoFar(call.Telemetry.Items));
            }

            call.NextStep();
            content = await ReadAsync(call, partition).ConfigureAwait(false);
        }

        return content.Ids.Count == 0 ? content : null;
    }

    // False if another call has taken the day over, or store calls do not end to add items to it.
    private async Task<bool> EndAsync(HistoryCall call, DayLease lease, Partition partition, DayContent content)
    {
        DayContent? left = content;
        for (int round = 0; round < MaxRounds && left is not null; round++)
        {
            call.NextStep();
            DayEnd end = await lease.EndAsync(left.LastRunId).ConfigureAwait(false);
            if (end.IsEnded || !end.HasNewItems)
            {
                call.ThrowIfFailed(end.IsEnded ? null : end.Failed, ReadFailures.DayDeletedSoFar(call.Telemetry.Items));
                return end.IsEnded;
            }

            left = await DeleteItemsAsync(call, lease, partition, await ReadAsync(call, partition).ConfigureAwait(false)).ConfigureAwait(false);
        }

        return false;
    }

    // A manifest of a newer version of the library stays as it is, and so nothing that was sent is forgotten.
    private async Task<Manifest?> ReadManifestAsync(HistoryCall call, DateOnly date)
    {
        call.NextStep();
        ManifestReply reply = await new ManifestTable(call.Gateway, sources.Settings).ReadAsync(date).ConfigureAwait(false);
        call.ThrowIfFailed(reply.Fault == ManifestReply.NewerSchema ? null : reply.Fault, reply.Operation);
        return reply.Manifest;
    }

    // False if another call has taken the day over.
    private async Task<bool> CloseAsync(HistoryCall call, DayLease lease, DateOnly date, Manifest? manifest)
    {
        // The email may have been sent after the manifest was read, and before the lease was taken.
        manifest ??= await ReadManifestAsync(call, date).ConfigureAwait(false);
        call.NextStep();
        if (manifest is null)
        {
            return true;
        }

        var manifests = new ManifestTable(call.Gateway, sources.Settings);
        ManifestReply reply = await manifests.CloseAsync(date, lease.Fence, manifest, ManifestState.Deleted).ConfigureAwait(false);
        if (reply is { Outcome: ManifestOutcome.Superseded, Manifest: { } newer })
        {
            // A larger fence is no proof of another call: only the header says whether this one still has the day.
            call.NextStep();
            if (!IsHeld(call, await lease.RaiseFenceAsync(newer.Fence).ConfigureAwait(false)))
            {
                return false;
            }

            call.NextStep();
            reply = await manifests.CloseAsync(date, lease.Fence, newer, ManifestState.Deleted).ConfigureAwait(false);
        }

        call.ThrowIfFailed(reply.Fault, reply.Operation, ReadFailures.DayDeletedSoFar(call.Telemetry.Items));
        call.NextStep();
        return reply.Outcome != ManifestOutcome.Superseded;
    }

    private static bool IsHeld(HistoryCall call, (bool IsHeld, TableReply? Failed) answer)
    {
        call.ThrowIfFailed(answer.Failed, ReadFailures.DayDeletedSoFar(call.Telemetry.Items));
        return answer.IsHeld;
    }

    private sealed class DayContent
    {
        public List<DigestItemId> Ids { get; } = [];

        public int NewerRecords { get; private set; }

        public bool HasHeader { get; private set; }

        // The store call that ended last.
        public string? LastRunId { get; private set; }

        public bool IsEmpty => Ids.Count == 0 && !HasHeader;

        public void Add(PageReply page)
        {
            HasHeader |= page.Header is not null;
            LastRunId = page.Header?.LastRunId ?? LastRunId;
            NewerRecords += page.Header is { IsNewer: true } ? 1 : 0;
            foreach (ItemRecord record in page.Items)
            {
                if (record.State == RecordState.Newer)
                {
                    NewerRecords++;
                }
                else
                {
                    Ids.Add(record.Id);
                }
            }
        }
    }
}
