using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// The events of deliveries. The text of an exception of the sender is never an argument, because it can contain addresses and content.
internal static partial class LogMessages
{
    [LoggerMessage(600, LogLevel.Information, "Delivery of digest {Digest} of {Date} in table {Table}: {Outcome}. Attempt {Attempt}, repeat {IsRepeat}, lease {LeaseOutcome}, owner {Owner}. {Requests} requests, {Retries} retries ({RetryReasons}), {Milliseconds} ms. Caller {Caller}, correlation {CorrelationId}")]
    public static partial void DeliveryDone(ILogger logger, string digest, string date, string table, DeliveryOutcome outcome, int attempt, bool isRepeat, DeliveryLeaseOutcome leaseOutcome, string owner, int requests, int retries, string retryReasons, long milliseconds, string caller, string correlationId);

    [LoggerMessage(601, LogLevel.Warning, "Delivery of digest {Digest} of {Date} in table {Table} with problems: {Outcome}. Attempt {Attempt}, repeat {IsRepeat}, lease {LeaseOutcome}, owner {Owner}; status recorded {IsStatusRecorded}, items recorded {AreItemsRecorded}, dead-lettered {IsDeadLettered}; error {ErrorType}. {Requests} requests, {Retries} retries ({RetryReasons}), {Milliseconds} ms. {Remedy} Caller {Caller}, correlation {CorrelationId}")]
    public static partial void DeliveryIncomplete(ILogger logger, string digest, string date, string table, DeliveryOutcome outcome, int attempt, bool isRepeat, DeliveryLeaseOutcome leaseOutcome, string owner, bool isStatusRecorded, bool areItemsRecorded, bool isDeadLettered, string errorType, int requests, int retries, string retryReasons, long milliseconds, string remedy, string caller, string correlationId);

    [LoggerMessage(602, LogLevel.Warning, "A sender of digest {Digest} of {Date} in table {Table} has not said what became of the email, and its lease has ended: it was probably killed. Caller {Caller}, correlation {CorrelationId}")]
    public static partial void LeaseOverdue(ILogger logger, string digest, string date, string table, string caller, string correlationId);

    [LoggerMessage(603, LogLevel.Warning, "The delegate that sends digest {Digest} of {Date} did not end within 5 seconds after its token had fired. It is left to itself, and nobody knows whether the email was accepted. Pass the token on to whatever it waits for. Correlation {CorrelationId}")]
    public static partial void SenderLeft(ILogger logger, string digest, string date, string correlationId);

    [LoggerMessage(604, LogLevel.Error, "The email of digest {Digest} of {Date} went out, which is neither recorded in table {Table} nor kept by the dead-letter sink: it failed with {ErrorType}. A later sender may send it again; resolve the day as delivered. Correlation {CorrelationId}")]
    public static partial void DeliveryLetterNotWritten(ILogger logger, string digest, string date, string table, string errorType, string correlationId);

    [LoggerMessage(403, LogLevel.Information, "{Time} {Operation} of digest {Digest} of {Date} in table {Table}: {Outcome}. Attempt {Attempt}, fence {Fence}. {Items} items. {Requests} requests. Caller {Caller}, correlation {CorrelationId}, AWS request ids {AwsRequestIds}")]
    public static partial void DeliveryAudited(ILogger logger, string time, string operation, string digest, string date, string table, string outcome, int attempt, long fence, int items, int requests, string caller, string correlationId, string awsRequestIds);

    [LoggerMessage(610, LogLevel.Debug, "{Operation} for digest {Digest} of {Date} in table {Table}: {Outcome}. {Requests} requests, {Milliseconds} ms. Caller {Caller}, correlation {CorrelationId}")]
    public static partial void DeliveryStepDone(ILogger logger, string operation, string digest, string date, string table, string outcome, int requests, long milliseconds, string caller, string correlationId);

    [LoggerMessage(611, LogLevel.Warning, "{Operation} for digest {Digest} of {Date} in table {Table} changed nothing that is known to be recorded: {Outcome}. {Requests} requests, {Milliseconds} ms. Caller {Caller}, correlation {CorrelationId}")]
    public static partial void DeliveryStepNotDone(ILogger logger, string operation, string digest, string date, string table, string outcome, int requests, long milliseconds, string caller, string correlationId);
}
