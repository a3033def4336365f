using DigestStore.Configuration;
using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Manifests;

// Reads and writes the manifest of a day: what was sent on it, or may have been sent. Every change is safe to repeat, and none forgets ids
// that may have been sent.
internal sealed class ManifestTable(TableGateway gateway, StoreSettings settings)
{
    // How often a manifest is read again because another sender has changed it meanwhile.
    private const int MaxRounds = 3;

    // The fence of a manifest without a sender: smaller than any other, so that every sender may replace it.
    private const long FirstFence = 1;

    private readonly ManifestUpdates _updates = new(settings);

    // The answer is Applied with the manifest, or Absent.
    public async Task<ManifestReply> ReadAsync(DateOnly date)
    {
        (List<StoredRecord> records, TableFault? fault, string operation) = await ReadRecordsAsync(date).ConfigureAwait(false);
        if (fault is not null)
        {
            return ManifestReply.Failed(fault, operation);
        }

        return ManifestReader.Read(date, records) switch
        {
            null => new ManifestReply(ManifestOutcome.Absent),
            { IsNewer: true } => ManifestReply.Failed(ManifestReply.NewerSchema, operation),
            { } manifest => new ManifestReply(ManifestOutcome.Applied, manifest),
        };
    }

    // All parts, as they are.
    public Task<(List<StoredRecord> Records, TableFault? Fault, string Operation)> ReadRecordsAsync(DateOnly date) => RecordPages.ReadAllAsync(
        gateway,
        new PageRequest(settings.Options.TableName, RecordKeys.Sent(settings.Options.DigestName), Consistent: true)
        {
            From = RecordKeys.Manifest(date),
            To = RecordKeys.AfterManifest(date),
        });

    // Written before the email is sent. "seen" is the manifest as the caller knows it: from its read after it took the lease, or from its own
    // announcement before this one. What an earlier attempt announced is kept.
    public Task<ManifestReply> AnnounceAsync(DateOnly date, long fence, string messageId, IReadOnlyCollection<DigestItemId> ids, Manifest? seen)
    {
        DigestItemIdSet announced = DigestItemIdSet.Of(ids);
        return WriteAsync(date, seen, known => known.Fence > fence || known.State == ManifestState.Delivered, known => new Manifest
        {
            Date = date,
            Fence = fence,
            State = ManifestState.Sending,
            MessageId = messageId,
            IdRules = RulesWith(known),
            PreviousState = known switch
            {
                null => null,
                _ when known.Fence == fence => known.PreviousState,
                _ => known.State is ManifestState.Deleted or ManifestState.Unsent ? known.State : null,
            },
            Ids = known?.Fence == fence ? known.Ids.Union(announced) : announced,
            PriorIds = known is null ? DigestItemIdSet.Empty : known.Fence == fence ? known.PriorIds : known.PriorIds.Union(known.Ids),
        });
    }

    // The email was sent. What another attempt announced is not confirmed, because it need not have been in the email.
    public async Task<ManifestReply> ConfirmAsync(DateOnly date, long fence, string messageId)
    {
        UpdateReply reply = await gateway.UpdateAsync(_updates.Confirm(date, fence, messageId)).ConfigureAwait(false);
        return Judge(date, fence, reply);
    }

    // An operator knows that the email was sent, whichever attempt up to this fence has announced it.
    public async Task<ManifestReply> MarkDeliveredAsync(DateOnly date, long fence, string messageId)
    {
        UpdateReply reply = await gateway.UpdateAsync(_updates.MarkDelivered(date, fence, messageId)).ConfigureAwait(false);
        return Judge(date, fence, reply);
    }

    // The email was certainly not sent by this attempt.
    public Task<ManifestReply> ClearAsync(DateOnly date, long fence) => ClearAsync(date, fence, _updates.Clear(date, fence));

    // An operator knows that the email was not sent, whichever attempt up to this fence has announced it last.
    public Task<ManifestReply> MarkUnsentAsync(DateOnly date, long fence) => ClearAsync(date, fence, _updates.MarkUnsent(date, fence));

    private async Task<ManifestReply> ClearAsync(DateOnly date, long fence, RecordUpdate first)
    {
        UpdateReply reply = await gateway.UpdateAsync(first).ConfigureAwait(false);
        StoredRecord? cleared = reply.Fault is null ? reply.Record : null;

        // A further part that keeps its ids makes the manifest incomplete, so that it counts as unsettled. That is safe.
        for (int part = 2; part <= cleared?.Number(N.Parts); part++)
        {
            UpdateReply further = await gateway.UpdateAsync(_updates.ClearFurther(date, cleared.Number(N.Fence) ?? fence, part)).ConfigureAwait(false);
            if (further.Fault is { } fault && !further.IsRefused)
            {
                return ManifestReply.Failed(fault, further.Operation);
            }
        }

        return Judge(date, fence, reply);
    }

    // The day was deleted, or its email was sent by an attempt that has announced nothing. What was sent before stays known, and its ids become
    // those of an earlier attempt.
    public Task<ManifestReply> CloseAsync(DateOnly date, long fence, Manifest seen, ManifestState state) => WriteAsync(date, seen, known => known.Fence > fence, known => known is null ? null : known with
    {
        Fence = fence,
        State = state,
        PreviousState = null,
        Ids = DigestItemIdSet.Empty,
        PriorIds = known.PriorIds.Union(known.Ids),
    });

    // Ids that were sent, or may have been, by a sender who cannot announce them any more: another one has had the day since. They are added
    // to those of earlier attempts, and all else stays as it is. The state is that of the day if nothing was announced on it. Ids that may have been
    // sent leave the day open, unless it is delivered: neither a deletion nor an operator has known of them.
    public Task<ManifestReply> RememberAsync(DateOnly date, string messageId, IReadOnlyCollection<DigestItemId> ids, ManifestState state)
    {
        DigestItemIdSet sent = DigestItemIdSet.Of(ids);
        return WriteAsync(date, seen: null, static _ => false, known => known is not null
            ? (state == ManifestState.Sending ? known.Opened() : known) with
            {
                PriorIds = known.PriorIds.Union(sent),
                IdRules = RulesWith(known),

                // The message that a sender has taken back is not the one that the next sender may have to repeat.
                MessageId = known.IsUnsettled || known.State == ManifestState.Delivered ? known.MessageId : messageId,
            }
            : new Manifest
            {
                Date = date,
                Fence = FirstFence,
                State = state,
                MessageId = messageId,
                IdRules = RulesWith(null),
                Ids = state == ManifestState.Deleted ? DigestItemIdSet.Empty : sent,
                PriorIds = state == ManifestState.Deleted ? sent : DigestItemIdSet.Empty,
            });
    }

    // What another store knows of the day.
    public Task<ManifestReply> MergeAsync(Manifest other, Manifest seen) => WriteAsync(other.Date, seen, static _ => false, known => known?.MergedWith(other) ?? other);

    // Superseded if the manifest that is there says that nothing may be changed any more.
    private async Task<ManifestReply> WriteAsync(DateOnly date, Manifest? seen, Func<Manifest, bool> isSuperseded, Func<Manifest?, Manifest?> change)
    {
        Manifest? known = seen;
        UpdateReply? refused = null;
        for (int round = 0; round < MaxRounds; round++)
        {
            if (known is not null && isSuperseded(known))
            {
                return new ManifestReply(ManifestOutcome.Superseded, known);
            }

            if (change(known) is not { } manifest)
            {
                return new ManifestReply(ManifestOutcome.Absent);
            }

            manifest = manifest with { IdCount = manifest.Ids.Count, PriorCount = manifest.PriorIds.Count };
            UpdateReply reply = await WriteAsync(manifest, known).ConfigureAwait(false);
            if (reply.Fault is null)
            {
                return new ManifestReply(ManifestOutcome.Applied, manifest);
            }

            if (!reply.IsRefused)
            {
                return ManifestReply.Failed(reply.Fault, reply.Operation);
            }

            ManifestReply read = await ReadAsync(date).ConfigureAwait(false);
            if (read.Fault is not null)
            {
                return read;
            }

            // An earlier attempt of this request was applied, and its answer was lost.
            if (read.Manifest is { } there && IsSame(there, manifest))
            {
                return new ManifestReply(ManifestOutcome.Applied, manifest);
            }

            (known, refused) = (read.Manifest, reply);
        }

        return ManifestReply.Failed(refused!.Fault!, refused.Operation);
    }

    private static bool IsSame(Manifest there, Manifest written) => there.IsComplete && there.HasContentOf(written);

    // The first part is written last, because the others count only with it.
    private async Task<UpdateReply> WriteAsync(Manifest manifest, Manifest? seen)
    {
        for (int part = ManifestUpdates.PartsOf(manifest); part > 1; part--)
        {
            UpdateReply reply = await gateway.UpdateAsync(_updates.Further(manifest, part)).ConfigureAwait(false);
            if (reply.Fault is not null)
            {
                return reply;
            }
        }

        return await gateway.UpdateAsync(_updates.First(manifest, seen)).ConfigureAwait(false);
    }

    // What a refused update of the first part means.
    private static ManifestReply Judge(DateOnly date, long fence, UpdateReply reply)
    {
        if (reply.Fault is null || !reply.IsRefused)
        {
            return reply.Fault is null ? new ManifestReply(ManifestOutcome.Applied) : ManifestReply.Failed(reply.Fault, reply.Operation);
        }

        Manifest? there = reply.Record is { } record ? ManifestReader.Read(date, [record]) : null;
        return there switch
        {
            { IsNewer: true } => ManifestReply.Failed(ManifestReply.NewerSchema, reply.Operation),
            null => new ManifestReply(ManifestOutcome.Absent),
            _ => new ManifestReply(there.Fence < fence ? ManifestOutcome.Absent : ManifestOutcome.Superseded, there),
        };
    }

    // Ids that were made with other rules cannot be compared with the announced ones.
    private string RulesWith(Manifest? known)
    {
        string own = settings.Identity.Fingerprint;
        bool isComparable = known is null || known.Ids.Count + known.PriorIds.Count == 0 || string.Equals(known.IdRules, own, StringComparison.Ordinal);
        return isComparable ? own : Manifest.MixedRules;
    }
}
