using System.Globalization;
using DigestStore.Calls;
using DigestStore.Records;
using DigestStore.Table;
using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// Writes the log. Each method is one event, whose template is in LogMessages.
internal sealed partial class StoreLog(ILogger logger)
{
    public const string Category = "DigestStore";

    private const string None = "none";

    public void StoreDone(string operation, Partition partition, CallScope scope, StoreResult result, CallNames names)
    {
        // Feeds contain invalid items every day, so rejected items are counted and are no reason for a warning.
        if (result.Status is StoreStatus.Stored or StoreStatus.Disabled && result.MainProblem is null or { Outcome: DigestItemOutcome.Rejected })
        {
            Guard.Run(logger, LogLevel.Information, () => LogMessages.StoreDone(
                logger, Action(operation), partition.Digest, RecordKeys.Date(partition.Date), partition.Table, result.Status, result.Received, result.Inserted, result.Updated,
                result.Unchanged, result.Duplicates, result.Rejected, result.Failed, result.Skipped, result.Cost.Requests, result.Cost.Retries, scope.RetryReasons, result.Cost.WriteUnits, result.Cost.ReadUnits,
                (long)result.Duration.TotalMilliseconds, result.Quality, names.Caller, names.CorrelationId));
            return;
        }

        Guard.Run(() => LogMessages.StoreIncomplete(
            logger, Action(operation), partition.Digest, RecordKeys.Date(partition.Date), partition.Table, result.Status, result.Received, result.Inserted, result.Updated,
            result.Unchanged, result.Duplicates, result.Rejected, result.Failed, result.Skipped, result.Cost.Requests, result.Cost.Retries, scope.RetryReasons, result.Cost.WriteUnits, result.Cost.ReadUnits,
            (long)result.Duration.TotalMilliseconds, result.Quality, result.MainProblem?.Reason ?? StoreProblemReason.InternalError,
            result.MainProblem?.Message ?? "Problems are not listed; raise MaxProblems.", names.Caller, names.CorrelationId));
    }

    public void StoreBroke(Partition partition, Exception exception, string correlationId) => Guard.Run(() =>
        LogMessages.StoreBroke(logger, partition.Digest, RecordKeys.Date(partition.Date), exception.GetType().Name, correlationId));

    public void ReadDone(string operation, DayRange days, int items, CallScope scope, CallNames names) => Guard.Run(logger, LogLevel.Debug, () => LogMessages.ReadDone(
        logger, operation, days.Digest, days.Text, days.Table, items, scope.Requests, (long)scope.Elapsed.TotalMilliseconds, names.Caller, names.CorrelationId));

    public void ReadFailed(string action, DayRange days, DigestStoreErrorReason reason, string remedy, TableFault fault, int requests, CallNames names) => Guard.Run(() =>
        LogMessages.ReadFailed(
            logger, action, days.Digest, days.Text, days.Table, reason, fault.Code.Length > 0 ? fault.Code : None,
            fault.Status > 0 ? fault.Status.ToString(CultureInfo.InvariantCulture) : None, fault.RequestId ?? None, requests, remedy, names.Caller, names.CorrelationId));

    public void ProbeFailed(string action, DayRange days, DigestStoreErrorReason reason, TableFault fault, int requests, CallNames names) => Guard.Run(() =>
        LogMessages.ProbeFailed(logger, action, days.Table, reason, fault.Code, fault.Status, fault.RequestId, requests, names.CorrelationId));

    public void Unreadable(DayRange days, int unreadable) => Guard.Run(() =>
        LogMessages.Unreadable(logger, days.Digest, days.Text, days.Table, unreadable));

    public void InvalidOptions(string problem, bool lastGoodKept) => Guard.Run(() => LogMessages.InvalidOptions(logger, lastGoodKept, problem));

    public void MisspeltKeys(string keys) => Guard.Run(() => LogMessages.MisspeltKeys(logger, keys));

    public void FileMisplaced(string path, string place) => Guard.Run(() => LogMessages.FileMisplaced(logger, path, place));

    public void RiskyClient(int maxErrorRetry, int maxStaleConnectionRetries, bool allowAutoRedirect) =>
        Guard.Run(() => LogMessages.RiskyClient(logger, maxErrorRetry, maxStaleConnectionRetries, allowAutoRedirect));

    public void LettersNotWritten(Partition partition, int letters, Exception exception, string correlationId) => Guard.Run(() =>
        LogMessages.LettersNotWritten(logger, letters, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, exception.GetType().Name, correlationId));

    public void LettersTooOld(int letters, TimeSpan maxAge) => Guard.Run(() => LogMessages.LettersTooOld(logger, letters, maxAge));

    public void LettersVolatile() => Guard.Run(() => LogMessages.LettersVolatile(logger));

    public void LettersNotWritable(string directory, Exception exception) => Guard.Run(() => LogMessages.LettersNotWritable(logger, directory, exception.GetType().Name));

    public void LettersUnreadable(int lines) => Guard.Run(() => LogMessages.LettersUnreadable(logger, lines));

    public void LettersReplayed(DeadLetterReplayResult result) => Guard.Run(() =>
        LogMessages.LettersReplayed(logger, result.Letters, result.Stored, result.Superseded, result.Rejected, result.Kept, result.Foreign));

    public void LettersDenied(int files) => Guard.Run(() => LogMessages.LettersDenied(logger, files));

    public void LettersNotFiles(int entries) => Guard.Run(() => LogMessages.LettersNotFiles(logger, entries));

    public void ProgressFailed(Partition partition, Exception exception, string correlationId) => Guard.Run(() =>
        LogMessages.ProgressFailed(logger, partition.Digest, RecordKeys.Date(partition.Date), exception.GetType().Name, correlationId));

    private static string Action(string operation) => operation == StoreCallTelemetry.Replay ? "Replayed" : "Stored";
}
