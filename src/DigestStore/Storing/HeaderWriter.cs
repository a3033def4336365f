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
    public static async Task<TableFault?> MarkAsync(TableGateway gateway, Partition partition, StoredState state, string correlationId)
    {
        HeaderReply reply = await gateway.UpdateHeaderAsync(new HeaderUpdate(partition)
        {
            IsMark = true,
            RunId = "",
            CorrelationId = correlationId,
            StoreStatus = "",
            IdRules = state.IdRulesToWrite,
            StoredAt = gateway.Scope.Time.GetUtcNow(),
            OrdinalsUsed = 0,
            ExpiresAt = null,
            StartAnew = false,
        }).ConfigureAwait(false);
        return reply.Fault;
    }

    public static async Task WriteAsync(TableGateway gateway, StoreSettings settings, Partition partition, StoredState state, StoreLedger ledger, string correlationId, bool isComplete)
    {
        if (state.Header is { IsNewer: true })
        {
            ledger.Problem(StoreProblemReason.HeaderNotWritten, ProblemMessages.Of(StoreProblemReason.NewerSchema));
            return;
        }

        DateTimeOffset now = gateway.Scope.Time.GetUtcNow();
        DateTimeOffset? expiry = settings.ExpiryOf(now);
        bool knownToOutlive = state.Header is { } header && (header.ExpiresAt is null || header.ExpiresAt > expiry);
        var update = new HeaderUpdate(partition)
        {
            RunId = RandomNumberGenerator.GetHexString(2 * RunIdBytes, lowercase: true),
            CorrelationId = correlationId,
            StoreStatus = isComplete ? Complete : Partial,
            IdRules = state.IdRulesToWrite,
            StoredAt = now,

            // Grows only with a complete store that used some, so a killed run repeats its ordinals and a re-run uses none up. A day
            // that has lost its header has used some, though by which store nobody knows.
            OrdinalsUsed = isComplete && (ledger.Inserted > 0 || state.Header is null) ? ledger.Received : 0,

            // Never before that of an item.
            ExpiresAt = knownToOutlive ? state.Header!.ExpiresAt : expiry,
            StartAnew = state.IsHeaderExpired,
        };
        HeaderReply reply = await gateway.UpdateHeaderAsync(update).ConfigureAwait(false);

        // An earlier attempt was applied although its answer was an error. Only the header itself can say so, by naming this run.
        bool isApplied = reply.Fault?.Kind == FaultKind.ConditionFailed && string.Equals(reply.RunThere, update.RunId, StringComparison.Ordinal);
        if (reply.Fault is { } fault && !isApplied)
        {
            ledger.Problem(StoreProblemReason.HeaderNotWritten, ProblemMessages.Of(StoreProblemReason.HeaderNotWritten, fault, "UpdateItem", partition.Table));
        }
    }
}
