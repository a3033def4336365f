using System.Security.Cryptography;
using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// Step 7: one update of the day's header after the last write. If only this update fails, the items are stored all the same, so the
// failure is a problem of the result and changes no outcome.
internal sealed class HeaderWriter(StoreContext context, TableGateway gateway, StoredState state)
{
    private const int RunIdBytes = 16;

    private bool _isFirstWindowMarked;

    // Writes into the header under which rules ids are made, before any record is written: a store that never comes to its end must not
    // leave a day that later stores misread. Null, or the answer with the fault for which nothing may be written yet.
    public async Task<UpdateReply?> MarkIfNeededAsync(bool isLastWindow)
    {
        UpdateReply? reply = !_isFirstWindowMarked && MustMark(isLastWindow)
            ? await gateway.UpdateAsync(HeaderUpdates.Mark(context.Partition, state.IdRulesToWrite)).ConfigureAwait(false)
            : null;
        bool isMarked = reply?.Fault is null;
        _isFirstWindowMarked |= isMarked;
        return isMarked ? null : reply;
    }

    public Task WriteAsync(bool isComplete, FailureCause? stopped)
    {
        if (context.Ledger.Stored == 0)
        {
            return Task.CompletedTask;
        }

        if (stopped is not null)
        {
            AddProblem(ProblemMessages.Of(StoreProblemReason.HeaderNotWritten) + $" Cause: {stopped.Reason}.");
            return Task.CompletedTask;
        }

        if (state.Header is { IsNewer: true })
        {
            AddProblem(ProblemMessages.Of(StoreProblemReason.NewerSchema));
            return Task.CompletedTask;
        }

        return UpdateAsync(isComplete);
    }

    // A day needs the mark if it becomes mixed, or if it is new and a stream will take long to fill it. On every other day the update at
    // the end comes soon enough.
    private bool MustMark(bool isLastWindow) =>
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

            // Ordinals are used up only by a complete store that inserted something. So a run that was killed repeats its ordinals, and a
            // re-run uses none up. When the header is missing, an earlier store has used some, though nobody knows which one.
            OrdinalsUsed = isComplete && (context.Ledger.Inserted > 0 || state.Header is null) ? context.Ledger.Received : 0,
            ExpiresAt = LaterExpiry(state.Header, expiry),
            ExpiredAt = state.HeaderExpiredAt,
            IsDeleted = state.IsHeaderDeleted,
            Inserted = context.Ledger.Inserted,
        };
        UpdateReply reply = await gateway.UpdateAsync(HeaderUpdates.Finish(context.Partition, finish)).ConfigureAwait(false);
        if (finish.BeginsAnew && reply.IsRefused && !reply.IsApplied(AttributeNames.LastRunId, finish.RunId))
        {
            // The expired header was removed meanwhile, or another call has begun it anew.
            finish = finish with { ExpiredAt = null, IsDeleted = false, ExpiresAt = LaterExpiry(reply.Record?.ToHeader(), expiry) };
            reply = await gateway.UpdateAsync(HeaderUpdates.Finish(context.Partition, finish)).ConfigureAwait(false);
        }

        if (reply.Fault is { } fault && !reply.IsApplied(AttributeNames.LastRunId, finish.RunId))
        {
            AddProblem(ProblemMessages.Of(StoreProblemReason.HeaderNotWritten, fault, reply.Operation, context.Partition.Table));
        }
    }

    // The header never expires before an item of its day. Null means that it never expires.
    private static DateTimeOffset? LaterExpiry(HeaderRecord? header, DateTimeOffset? expiry) =>
        header is { IsWrittenByStore: true } && (header.ExpiresAt is null || header.ExpiresAt > expiry) ? header.ExpiresAt : expiry;

    private void AddProblem(string message) => context.Ledger.Problem(StoreProblemReason.HeaderNotWritten, message);
}
