using DigestStore.Table;
using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// The verbs of the log. A logger is the host's code: what it throws must not reach a store.
internal sealed class StoreLog(ILogger logger)
{
    public const string Category = "DigestStore";

    public void StoreDone(Partition partition, StoreResult result, string caller) => Guarded(() =>
    {
        string date = RecordKeys.Date(partition.Date);
        long milliseconds = (long)result.Duration.TotalMilliseconds;
        if (result.Problems.Count == 0 && result.Failed == 0 && result.Rejected == 0)
        {
            LogMessages.StoreDone(
                logger, partition.Digest, date, partition.Table, result.Status, result.Received, result.Inserted, result.Updated, result.Unchanged,
                result.Duplicates, result.Rejected, result.Failed, result.Skipped, result.Requests, result.Retries, milliseconds, caller, result.CorrelationId);
            return;
        }

        StoreProblem? first = result.FirstProblem;
        LogMessages.StoreIncomplete(
            logger, partition.Digest, date, partition.Table, result.Status, result.Received, result.Inserted, result.Updated, result.Unchanged,
            result.Duplicates, result.Rejected, result.Failed, result.Skipped, result.Requests, result.Retries, milliseconds,
            first?.Reason ?? StoreProblemReason.InternalError, first?.Message ?? "Problems are not listed; raise MaxProblems.", caller, result.CorrelationId);
    });

    public void StoreBroke(Partition partition, Exception exception, string correlationId) => Guarded(() =>
        LogMessages.StoreBroke(logger, partition.Digest, RecordKeys.Date(partition.Date), exception.GetType().Name, correlationId));

    public void ReadFailed(string operation, Partition partition, DigestStoreErrorReason reason, TableFault fault, int requests) => Guarded(() =>
        LogMessages.ReadFailed(
            logger, operation, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, reason, fault.Code, fault.Status, fault.RequestId, requests));

    public void Unreadable(Partition partition, int unreadable) => Guarded(() =>
        LogMessages.Unreadable(logger, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, unreadable));

    public void InvalidOptions(string problem, bool lastGoodKept) => Guarded(() => LogMessages.InvalidOptions(logger, lastGoodKept, problem));

    public void RiskyClient(int maxErrorRetry, int maxStaleConnectionRetries, bool allowAutoRedirect) =>
        Guarded(() => LogMessages.RiskyClient(logger, maxErrorRetry, maxStaleConnectionRetries, allowAutoRedirect));

    public void LettersNotWritten(Partition partition, int letters, Exception exception, string correlationId) => Guarded(() =>
        LogMessages.LettersNotWritten(logger, letters, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, exception.GetType().Name, correlationId));

    public void LettersTooOld(int letters, TimeSpan maxAge) => Guarded(() => LogMessages.LettersTooOld(logger, letters, maxAge));

    public void LettersVolatile() => Guarded(() => LogMessages.LettersVolatile(logger));

    public void LettersUnreadable(int lines) => Guarded(() => LogMessages.LettersUnreadable(logger, lines));

    public void LettersReplayed(DeadLetterReplayResult result) => Guarded(() =>
        LogMessages.LettersReplayed(logger, result.Letters, result.Stored, result.Superseded, result.Rejected, result.Kept));

    public void ProgressFailed(Partition partition, Exception exception, string correlationId) => Guarded(() =>
        LogMessages.ProgressFailed(logger, partition.Digest, RecordKeys.Date(partition.Date), exception.GetType().Name, correlationId));

    private static void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception)
        {
            // Nowhere to tell it.
        }
    }
}
