using System.Security.Cryptography;
using DigestStore.Configuration;
using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// Step 7: one update of the day's header after the last write. Its failure alone is a problem, not a failed store.
internal static class HeaderWriter
{
    public const string Complete = "stored";
    public const string Partial = "partially-stored";
    private const int RunIdBytes = 16;

    // Says under which rules ids are made before any is: a store that never comes to its end must leave no day that later
    // ones misread. Null, or why nothing may be written yet.
    public static async Task<TableFault?> MarkAsync(TableGateway gateway, Partition partition, StoredState state) =>
        (await gateway.UpdateAsync(HeaderUpdates.Mark(partition, state.IdRulesToWrite)).ConfigureAwait(false)).Fault;

    public static async Task WriteAsync(TableGateway gateway, StoreSettings settings, Partition partition, StoredState state, StoreLedger ledger, string correlationId, bool isComplete)
    {
        if (state.Header is { IsNewer: true })
        {
            ledger.Problem(StoreProblemReason.HeaderNotWritten, ProblemMessages.Of(StoreProblemReason.NewerSchema));
            return;
        }

        DateTimeOffset now = gateway.Scope.Time.GetUtcNow();
        DateTimeOffset? expiry = settings.ExpiryOf(now);
        var finish = new HeaderFinish
        {
            RunId = RandomNumberGenerator.GetHexString(2 * RunIdBytes, lowercase: true),
            CorrelationId = correlationId,
            StoreStatus = isComplete ? Complete : Partial,
            IdRules = state.IdRulesToWrite,
            StoredAt = now,

            // Grows only with a complete store that used some, so a killed run repeats its ordinals and a re-run uses none up. A day
            // that has lost its header has used some, though by which store nobody knows.
            OrdinalsUsed = isComplete && (ledger.Inserted > 0 || state.Header is null) ? ledger.Received : 0,
            ExpiresAt = LaterExpiry(state.Header, expiry),
            ExpiredAt = state.HeaderExpiredAt,
        };
        UpdateReply reply = await gateway.UpdateAsync(HeaderUpdates.Finish(partition, finish)).ConfigureAwait(false);
        if (finish.ExpiredAt is not null && reply.IsRefused && !reply.IsApplied(AttributeNames.LastRunId, finish.RunId))
        {
            // The expired header is gone, or another has begun it anew meanwhile.
            finish = finish with { ExpiredAt = null, ExpiresAt = LaterExpiry(reply.Old?.ToHeader(), expiry) };
            reply = await gateway.UpdateAsync(HeaderUpdates.Finish(partition, finish)).ConfigureAwait(false);
        }

        if (reply.Fault is { } fault && !reply.IsApplied(AttributeNames.LastRunId, finish.RunId))
        {
            ledger.Problem(StoreProblemReason.HeaderNotWritten, ProblemMessages.Of(StoreProblemReason.HeaderNotWritten, fault, "UpdateItem", partition.Table));
        }
    }

    // Never before that of an item. Null is a header that never expires.
    private static DateTimeOffset? LaterExpiry(HeaderRecord? header, DateTimeOffset? expiry) =>
        header is { IsOfStore: true } && (header.ExpiresAt is null || header.ExpiresAt > expiry) ? header.ExpiresAt : expiry;
}
