using DigestStore.Calls;
using DigestStore.Records;
using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// The events of deliveries.
internal sealed partial class StoreLog
{
    public void DeliveryDone(Partition partition, CallScope scope, DeliveryResult result, CallNames names)
    {
        bool isAsWished = result.Outcome is DeliveryOutcome.AlreadyDelivered or DeliveryOutcome.HeldByAnother ||
            result is { Outcome: DeliveryOutcome.Delivered, AreItemsRecorded: true, IsDeadLettered: false };
        if (isAsWished)
        {
            Guard.Run(logger, LogLevel.Information, () => LogMessages.DeliveryDone(
                logger, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, result.Outcome, result.Attempt, result.IsRepeat, result.LeaseOutcome, result.Owner ?? None,
                result.Requests, result.Retries, scope.RetryReasons, (long)result.Duration.TotalMilliseconds, names.Caller, names.CorrelationId));
            return;
        }

        Guard.Run(() => LogMessages.DeliveryIncomplete(
            logger, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, result.Outcome, result.Attempt, result.IsRepeat, result.LeaseOutcome, result.Owner ?? None,
            result.IsStatusRecorded, result.AreItemsRecorded, result.IsDeadLettered, result.Error?.GetType().Name ?? None,
            result.Requests, result.Retries, scope.RetryReasons, (long)result.Duration.TotalMilliseconds, RemedyOf(result), names.Caller, names.CorrelationId));
    }

    public void DeliveryStepDone(string operation, Partition partition, CallScope scope, string outcome, bool isProblem, CallNames names)
    {
        if (isProblem)
        {
            Guard.Run(() => LogMessages.DeliveryStepNotDone(
                logger, operation, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, outcome, scope.Requests, (long)scope.Elapsed.TotalMilliseconds, names.Caller, names.CorrelationId));
            return;
        }

        Guard.Run(logger, LogLevel.Debug, () => LogMessages.DeliveryStepDone(
            logger, operation, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, outcome, scope.Requests, (long)scope.Elapsed.TotalMilliseconds, names.Caller, names.CorrelationId));
    }

    public void LeaseOverdue(Partition partition, CallNames names) => Guard.Run(() =>
        LogMessages.LeaseOverdue(logger, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, names.Caller, names.CorrelationId));

    public void SenderLeft(Partition partition, string correlationId) => Guard.Run(() =>
        LogMessages.SenderLeft(logger, partition.Digest, RecordKeys.Date(partition.Date), correlationId));

    public void DeliveryLetterNotWritten(Partition partition, Exception exception, string correlationId) => Guard.Run(() =>
        LogMessages.DeliveryLetterNotWritten(logger, partition.Digest, RecordKeys.Date(partition.Date), partition.Table, exception.GetType().Name, correlationId));

    private static string RemedyOf(DeliveryResult result) => result.Outcome switch
    {
        DeliveryOutcome.Delivered => "The email went out; the items that it contains, or its end, are not recorded wholly. Replay the dead letters.",
        DeliveryOutcome.DeliveredUnrecorded => "The email went out, and the day does not say so. Replay the dead letters, or resolve the day as delivered.",
        DeliveryOutcome.Failed => "The email was not accepted. Run the delivery again.",
        DeliveryOutcome.Abandoned or DeliveryOutcome.GaveUp => "No attempt will be made any more. Mend the cause, and resolve the day for another attempt.",
        DeliveryOutcome.Uncertain => "Nobody knows whether the email was accepted. Ask the mail server, and resolve the day; a further delivery sends it again unless told otherwise.",
        DeliveryOutcome.Skipped => "An earlier attempt may have been accepted, so the email was not sent again. Ask the mail server, and resolve the day.",
        DeliveryOutcome.Deleted => "The day was deleted, so its email is not sent. Store the day again to send it.",
        DeliveryOutcome.AlreadyDelivered or DeliveryOutcome.HeldByAnother => "Nothing needs to be done.",
    };
}
