using DigestStore.Telemetry;

namespace DigestStore.DeadLetters;

// Counts what a replay has done so far, for its caller and for the log.
internal sealed class ReplayTally(StoreLog log, IProgress<DeadLetterReplayResult>? progress)
{
    public DeadLetterReplayResult Total { get; private set; } = new();

    // The number of letters that have left their batches. It tells a replay whether a pass over the batches has achieved anything.
    public int Done => Total.Letters - Total.Kept;

    // Counts a letter that leaves its batch.
    public void Count(DeadLetterFate fate) => Total = Total with
    {
        Letters = Total.Letters + 1,
        Stored = Total.Stored + (fate == DeadLetterFate.Stored ? 1 : 0),
        Superseded = Total.Superseded + (fate == DeadLetterFate.Superseded ? 1 : 0),
        Rejected = Total.Rejected + (fate == DeadLetterFate.Rejected ? 1 : 0),
    };

    // Kept letters are counted only when their batch is not replayed again, or they would be counted twice.
    public void CountKept(int letters) => Total = Total with { Letters = Total.Letters + letters, Kept = Total.Kept + letters };

    public void CountForeign(int letters) => Total = Total with { Foreign = Total.Foreign + letters };

    public void CountUnreadable(int entries) => Total = Total with { Unreadable = Total.Unreadable + entries };

    public void Report()
    {
        try
        {
            progress?.Report(Total);
        }
        catch (Exception)
        {
            // An error in the caller's own display is no reason to leave letters unstored.
        }
    }

    // Adds the batches that were skipped and logs the totals, once at the end of a replay.
    public void Complete(IReadOnlyList<DeadLetterBatch> batches)
    {
        int denied = batches.Count(static batch => batch.State == DeadLetterBatchState.Denied);
        int noLetters = batches.Count(static batch => batch.State == DeadLetterBatchState.NoLetters);
        Total = Total with { SkippedBatches = denied + noLetters };
        if (denied > 0)
        {
            log.LettersDenied(denied);
        }

        if (noLetters > 0)
        {
            log.LettersNotFiles(noLetters);
        }

        log.LettersReplayed(Total);
    }
}
