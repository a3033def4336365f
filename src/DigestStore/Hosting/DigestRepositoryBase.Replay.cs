using DigestStore.Configuration;
using DigestStore.DeadLetters;
using DigestStore.Delivery;
using DigestStore.Faults;
using DigestStore.Storing;
using DigestStore.Telemetry;

namespace DigestStore;

// The replay of dead letters is a store call whose dead-letter sink collects the letters that fail again.
public abstract partial class DigestRepositoryBase
{
    ReplayScope IReplayTarget.ReplayScope()
    {
        ThrowIfDisposed();
        if (Refusal(out StoreSettings settings) is { } refusal)
        {
            throw refusal;
        }

        return new ReplayScope(settings, _time.GetUtcNow());
    }

    void IReplayTarget.ThrowIfDisposed() => ThrowIfDisposed();

    async Task<IReadOnlyList<ReplayedFate>> IReplayTarget.ReplayAsync(DateOnly date, IReadOnlyList<ReplayedLetter> letters, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var kept = new KeptLetters();
        StoreResult result;
        try
        {
            result = await StoreAsync(
                StoreCallTelemetry.Replay, date, null, (context, preparer) => new LetterInput(LettersInScope(letters, context.Settings), preparer, context.Scope), kept, cancellationToken).ConfigureAwait(false);
        }
        catch (DigestStoreCanceledException canceled)
        {
            // The letters that could not be stored any more are kept, and the replay ends before its next batch.
            result = canceled.Result;
        }

        // A letter may only be removed when the result shows what became of it.
        if (result.Received != letters.Count || result.Skipped > 0 || result.Failed != kept.Letters.Count)
        {
            return [.. letters.Select(static _ => new ReplayedFate(LetterFate.Kept, null))];
        }

        HashSet<int?> superseded = [.. result.Problems.Where(problem => problem.Reason == StoreProblemReason.Superseded).Select(problem => problem.Index)];
        return [.. result.Outcomes.Select((outcome, index) => FateOf(outcome, superseded.Contains(index), letters[index].Letter, kept))];
    }

    async Task<SettledDeadLetter> IReplayTarget.ReplayDeliveryAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        using DeliveryCall call = Begin(DeliveryCall.Replay, letter.Date, out DeliveryContext context, letter.CorrelationId, caller: null);
        if (context.IsDisabled || !new ReplayScope(context.Settings, _time.GetUtcNow()).Has(letter))
        {
            return default;
        }

        DeadLetterFate fate = await new LetterReplay(context).RunAsync(letter.Date, letter.Delivery!, cancellationToken).ConfigureAwait(false);
        return new SettledDeadLetter { Fate = fate, Replacement = fate == DeadLetterFate.Kept ? letter with { Attempts = letter.Attempts + 1 } : null };
    }

    // The settings may have changed since the replay began. Letters of another table or digest are then not stored.
    private IReadOnlyList<ReplayedLetter> LettersInScope(IReadOnlyList<ReplayedLetter> letters, StoreSettings settings)
    {
        var scope = new ReplayScope(settings, _time.GetUtcNow());
        return letters.All(letter => scope.Has(letter.Letter)) ? letters : [];
    }

    private static ReplayedFate FateOf(DigestItemOutcome outcome, bool isSuperseded, DeadLetter letter, KeptLetters kept) => outcome switch
    {
        DigestItemOutcome.Failed => new ReplayedFate(LetterFate.Kept, kept.Find(letter)),
        DigestItemOutcome.Rejected => new ReplayedFate(isSuperseded ? LetterFate.Superseded : LetterFate.Rejected, null),
        DigestItemOutcome.Unchanged => new ReplayedFate(LetterFate.Unchanged, null),
        DigestItemOutcome.Inserted or DigestItemOutcome.Updated or DigestItemOutcome.Duplicate => new ReplayedFate(LetterFate.Stored, null),
        DigestItemOutcome.Skipped => new ReplayedFate(LetterFate.Kept, null),
    };

    private void ThrowIfDisposed()
    {
        if (_disposal.HasBegun)
        {
            throw ReadFailures.Disposed();
        }
    }
}
