using DigestStore.Calls;
using DigestStore.Records;
using DigestStore.Table;
using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// Records who did what to which day. The audit log has a category of its own, so that it can be sent and kept elsewhere than the log.
internal sealed class AuditLog(ILogger logger)
{
    public const string Category = "DigestStore.Audit";

    public void Stored(string operation, CallNames names, Partition partition, CallScope scope, StoreResult result) => Guard.Run(logger, LogLevel.Information, () => LogMessages.StoreAudited(
        logger, Time(scope), operation, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, TagValues.Of(result.Status),
        result.Received, result.Inserted, result.Updated, result.Unchanged, result.Duplicates, result.Rejected, result.Failed, result.Skipped, result.DeadLettered,
        result.Cost.Requests, names.Caller, names.CorrelationId, RequestIds(scope)));

    public void Read(string operation, CallNames names, DayRange days, CallScope scope, string outcome, int items) => Guard.Run(logger, LogLevel.Information, () => LogMessages.ReadAudited(
        logger, Time(scope), operation, days.Digest, days.Text, days.Table, outcome, items, scope.Requests, names.Caller, names.CorrelationId, RequestIds(scope)));

    public void Deleted(string operation, CallNames names, DayRange days, CallScope scope, string outcome, int items) => Guard.Run(logger, LogLevel.Information, () => LogMessages.DeleteAudited(
        logger, Time(scope), operation, days.Digest, days.Text, days.Table, outcome, items, scope.Requests, names.Caller, names.CorrelationId, RequestIds(scope)));

    public void Copied(string operation, CallNames names, DayRange days, CallScope scope, string outcome, int items) => Guard.Run(logger, LogLevel.Information, () => LogMessages.CopyAudited(
        logger, Time(scope), operation, days.Digest, days.Text, days.Table, outcome, items, scope.Requests, names.Caller, names.CorrelationId, RequestIds(scope)));

    public void Delivered(string operation, CallNames names, Partition partition, CallScope scope, string outcome, int attempt, long fence, int items) => Guard.Run(logger, LogLevel.Information, () => LogMessages.DeliveryAudited(
        logger, Time(scope), operation, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, outcome, attempt, fence, items, scope.Requests, names.Caller, names.CorrelationId, RequestIds(scope)));

    private static string RequestIds(CallScope scope) => scope.RequestIds is { Length: > 0 } ids ? ids : "none";

    private static string Time(CallScope scope) => Instants.Write(scope.StartedAt);
}
