using DigestStore.Telemetry;

namespace DigestStore.DeadLetters;

// What a replay has done so far, for its caller and for the log.
internal sealed class ReplayTally(StoreLog log, IProgress<DeadLetterReplayResult>? progress)
{
    public DeadLetterReplayResult Total { get; private set; } = new();

    // How many letters have left their batches.
    public int Done => Total.Letters - Total.Kept;

    // A letter that is done.
    public void Count(DeadLetterFate fate) => Total = Total with
    {
        Letters = Total.Letters + 1,
        Stored = Total.Stored + (fate == DeadLetterFate.Stored ? 1 : 0),
        Superseded = Total.Superseded + (fate == DeadLetterFate.Superseded ? 1 : 0),
        Rejected = Total.Rejected + (fate == DeadLetterFate.Rejected ? 1 : 0),
    };

    // Only when their batch is not gone through again.
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
            // The caller's own display is no reason to leave letters unstored.
        }
    }

    // At the end.
    public void Tell(IReadOnlyList<DeadLetterBatch> batches)
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
