using System.Security.Cryptography;
using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// Step 7 of StoreOperation: one update of the day's header after the last write. If only this update fails, the items are stored all the
// same, so the failure is a problem of the result and changes no outcome.
internal sealed class HeaderWriter(StoreContext context, TableGateway gateway, StoredState state)
{
    private const int RunIdBytes = 16;

    // How often the header is written that was read, or was answered with a refusal. Another call may change it between the two.
    private const int MaxTries = 3;

    private bool _hasCheckedIdRules;

    // Saves the identity rules in the header before any item is written. Otherwise, a call that is killed could leave a day whose ids later
    // calls misread. Returns null, or the failed reply after which no item may be written.
    public async Task<UpdateReply?> SaveIdRulesIfNeededAsync(bool isLastWindow)
    {
        UpdateReply? reply = !_hasCheckedIdRules && MustSaveIdRules(isLastWindow)
            ? await gateway.UpdateAsync(HeaderUpdates.SaveIdRules(context.Partition, state.IdRulesToWrite)).ConfigureAwait(false)
            : null;
        bool hasFailed = reply?.Fault is not null;
        _hasCheckedIdRules |= !hasFailed;
        return hasFailed ? reply : null;
    }

    public Task WriteAsync(bool isComplete, FailureCause? stopCause)
    {
        if (context.Ledger.Stored == 0)
        {
            return Task.CompletedTask;
        }

        if (stopCause is not null)
        {
            AddProblem(ProblemMessages.Of(StoreProblemReason.HeaderNotWritten) + $" Cause: {stopCause.Reason}.");
            return Task.CompletedTask;
        }

        if (state.Header is { IsNewer: true })
        {
            AddProblem(ProblemMessages.Of(StoreProblemReason.NewerSchema));
            return Task.CompletedTask;
        }

        return UpdateAsync(isComplete);
    }

    // The rules are saved early if the day becomes mixed (MixedDay), or if it is new and a stream may take long to fill it. On every other
    // day, the update at the end comes soon enough.
    private bool MustSaveIdRules(bool isLastWindow) =>
        state.Header is not { IsNewer: true } && state.HeaderExpiredAt is null && !state.IsHeaderDeleted &&
        (state.IsMixed ? !string.Equals(state.Header?.IdRules, state.IdRulesToWrite, StringComparison.Ordinal) : !isLastWindow && state.Header is null);

    private async Task UpdateAsync(bool isComplete)
    {
        DateTimeOffset now = context.Scope.Time.GetUtcNow();
        DateTimeOffset? expiry = context.Settings.ExpiryOf(now);
        var finish = new HeaderFinish
        {
            RunId = RandomNumberGenerator.GetHexString(2 * RunIdBytes, lowercase: true),
            CorrelationId = context.CorrelationId,
            StoreStatus = isComplete ? StoreStatusText.Complete : StoreStatusText.Partial,
            IdRules = state.IdRulesToWrite,
            StoredAt = now,

            // A call uses ordinals up only if it is complete and has inserted something. So a run that was killed gets the same ordinals
            // again, and a repeated run uses none up. If the header is missing although the day has items, an earlier call has used
            // ordinals that no header counts, so this call uses some up, too.
            OrdinalsUsed = isComplete && (context.Ledger.Inserted > 0 || state.Header is null) ? context.Ledger.Received : 0,
            ExpiresAt = LaterExpiry(state.Header, expiry),
            ExpiredAt = state.HeaderExpiredAt,
            IsDeleted = state.IsHeaderDeleted,
            Inserted = context.Ledger.Inserted,
        };
        UpdateReply reply = await gateway.UpdateAsync(HeaderUpdates.Finish(context.Partition, finish)).ConfigureAwait(false);
        for (int tries = 1; tries < MaxTries && reply.IsRefused && !reply.IsApplied(AttributeNames.LastRunId, finish.RunId) && Other(finish, reply.Record?.ToHeader(), expiry) is { } other; tries++)
        {
            finish = other;
            reply = await gateway.UpdateAsync(HeaderUpdates.Finish(context.Partition, finish)).ConfigureAwait(false);
        }

        if (reply.Fault is { } fault && !reply.IsApplied(AttributeNames.LastRunId, finish.RunId))
        {
            AddProblem(ProblemMessages.Of(StoreProblemReason.HeaderNotWritten, fault, reply.Operation, context.Partition.Table));
        }
    }

    // What is to be written to a header that is not the one that was read. Null if nothing can be written to it.
    private HeaderFinish? Other(HeaderFinish finish, HeaderRecord? there, DateTimeOffset? expiry)
    {
        // The day was deleted since it was read. What this call has stored is the day again, under ordinals that follow those of the day before.
        if (there is { IsDeleted: true, IsNewer: false } && !finish.IsDeleted)
        {
            return finish with { ExpiredAt = null, IsDeleted = true, ExpiresAt = expiry, OrdinalsUsed = state.NextOrdinal + finish.OrdinalsUsed };
        }

        // The expired header was removed meanwhile, another call has replaced it, or a sender holds its lease.
        return finish.BeginsAnew ? finish with { ExpiredAt = null, IsDeleted = false, ExpiresAt = LaterExpiry(there, expiry) } : null;
    }

    // The header never expires before an item of its day. Null means that it never expires.
    private static DateTimeOffset? LaterExpiry(HeaderRecord? header, DateTimeOffset? expiry) =>
        header is { IsWrittenByStore: true } && (header.ExpiresAt is null || header.ExpiresAt > expiry) ? header.ExpiresAt : expiry;

    private void AddProblem(string message) => context.Ledger.Problem(StoreProblemReason.HeaderNotWritten, message);
}
