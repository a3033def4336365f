using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// All log templates of the library. A URL, a title or the text of a service's error is never an argument, because it can contain secrets or
// text that a stranger chose.
internal static partial class LogMessages
{
    [LoggerMessage(100, LogLevel.Information, "{Action} digest {Digest} of {Date} in table {Table}: {Status}. {Received} received: {Inserted} inserted, {Updated} updated, {Unchanged} unchanged, {Duplicates} duplicates, {Rejected} rejected, {Failed} failed, {Skipped} skipped. {Requests} requests, {Retries} retries ({RetryReasons}), {WriteUnits} write and {ReadUnits} read units, {Milliseconds} ms. Quality: {Quality}. Caller {Caller}, correlation {CorrelationId}")]
    public static partial void StoreDone(ILogger logger, string action, string digest, string date, string table, StoreStatus status, int received, int inserted, int updated, int unchanged, int duplicates, int rejected, int failed, int skipped, int requests, int retries, string retryReasons, double writeUnits, double readUnits, long milliseconds, DigestQuality quality, string caller, string correlationId);

    [LoggerMessage(101, LogLevel.Warning, "{Action} digest {Digest} of {Date} in table {Table} with problems: {Status}. {Received} received: {Inserted} inserted, {Updated} updated, {Unchanged} unchanged, {Duplicates} duplicates, {Rejected} rejected, {Failed} failed, {Skipped} skipped. {Requests} requests, {Retries} retries ({RetryReasons}), {WriteUnits} write and {ReadUnits} read units, {Milliseconds} ms. Quality: {Quality}. Main problem: {Reason}: {Remedy} Caller {Caller}, correlation {CorrelationId}")]
    public static partial void StoreIncomplete(ILogger logger, string action, string digest, string date, string table, StoreStatus status, int received, int inserted, int updated, int unchanged, int duplicates, int rejected, int failed, int skipped, int requests, int retries, string retryReasons, double writeUnits, double readUnits, long milliseconds, DigestQuality quality, StoreProblemReason reason, string remedy, string caller, string correlationId);

    [LoggerMessage(110, LogLevel.Error, "The store of digest {Digest} of {Date} met an unexpected error of type {ErrorType} inside the library; items without an outcome are reported as failed. Correlation {CorrelationId}")]
    public static partial void StoreBroke(ILogger logger, string digest, string date, string errorType, string correlationId);

    [LoggerMessage(200, LogLevel.Warning, "{Operation} on digest {Digest} of {Date} in table {Table} failed: {Reason} ({Code}, HTTP {HttpStatus}, request {RequestId}) after {Requests} requests: {Remedy} Caller {Caller}, correlation {CorrelationId}")]
    public static partial void ReadFailed(ILogger logger, string operation, string digest, string date, string table, DigestStoreErrorReason reason, string code, string httpStatus, string requestId, int requests, string remedy, string caller, string correlationId);

    [LoggerMessage(210, LogLevel.Debug, "Operation {Operation} on digest {Digest} of {Date} in table {Table} is done: {Items} items. {Requests} requests, {Milliseconds} ms. Caller {Caller}, correlation {CorrelationId}")]
    public static partial void ReadDone(ILogger logger, string operation, string digest, string date, string table, int items, int requests, long milliseconds, string caller, string correlationId);

    [LoggerMessage(211, LogLevel.Debug, "The health check's {Operation} in table {Table} failed: {Reason} ({Code}, HTTP {HttpStatus}, request {RequestId}) after {Requests} requests. Correlation {CorrelationId}")]
    public static partial void ProbeFailed(ILogger logger, string operation, string table, DigestStoreErrorReason reason, string code, int httpStatus, string? requestId, int requests, string correlationId);

    [LoggerMessage(201, LogLevel.Warning, "Digest {Digest} of {Date} in table {Table} has {Unreadable} records that this version cannot read; they are counted and left as they are.")]
    public static partial void Unreadable(ILogger logger, string digest, string date, string table, int unreadable);

    [LoggerMessage(300, LogLevel.Error, "The options of the digest store are invalid; the last valid ones stay in force: {LastGoodKept}. {Problem}")]
    public static partial void InvalidOptions(ILogger logger, bool lastGoodKept, string problem);

    [LoggerMessage(301, LogLevel.Warning, "The IAmazonDynamoDB that was handed in retries or follows redirects by itself (MaxErrorRetry {MaxErrorRetry}, MaxStaleConnectionRetries {MaxStaleConnectionRetries}, AllowAutoRedirect {AllowAutoRedirect}). That multiplies the attempts of the digest store, hides what became of the earlier ones, so that items whose write failed end as OutcomeUnknown, and a redirect to a server that answers anything is taken for a stored item. Set them to 0, 0 and false, or let the digest store build its own client.")]
    public static partial void RiskyClient(ILogger logger, int maxErrorRetry, int maxStaleConnectionRetries, bool allowAutoRedirect);

    [LoggerMessage(302, LogLevel.Warning, "The configuration has keys that are no options of the digest store and have no effect on it: {Keys}. Correct their names.")]
    public static partial void MisspeltKeys(ILogger logger, string keys);

    [LoggerMessage(303, LogLevel.Warning, "The file {Path} is {Place}. Keep it on a disk of this machine.")]
    public static partial void FileMisplaced(ILogger logger, string path, string place);

    [LoggerMessage(120, LogLevel.Error, "{Letters} items of digest {Digest} of {Date} are neither in table {Table} nor with the dead-letter sink: it failed with {ErrorType}. Hand them in again. Correlation {CorrelationId}")]
    public static partial void LettersNotWritten(ILogger logger, int letters, string digest, string date, string table, string errorType, string correlationId);

    [LoggerMessage(121, LogLevel.Warning, "{Letters} dead letters were removed because they are older than {MaxAge}.")]
    public static partial void LettersTooOld(ILogger logger, int letters, TimeSpan maxAge);

    [LoggerMessage(122, LogLevel.Warning, "The directory of the dead letters is this machine's temporary one, which does not survive a Lambda function's environment. Use a mounted file system, or a sink that writes to a queue.")]
    public static partial void LettersVolatile(ILogger logger);

    [LoggerMessage(123, LogLevel.Error, "{Lines} lines of dead-letter files are no letters of this version; they are kept in files that end with .unreadable.")]
    public static partial void LettersUnreadable(ILogger logger, int lines);

    [LoggerMessage(124, LogLevel.Information, "Replayed {Letters} dead letters: {Stored} stored, {Superseded} superseded by other content, {Rejected} rejected, {Kept} kept for another replay. {Foreign} letters of another table or digest were left alone.")]
    public static partial void LettersReplayed(ILogger logger, int letters, int stored, int superseded, int rejected, int kept, int foreign);

    [LoggerMessage(126, LogLevel.Warning, "No dead letters can be written to the directory {Directory}: it failed with {ErrorType}. What a store cannot put into its table will be lost. Create the directory and let this process write to it, or name another one in AddFileDeadLetters.")]
    public static partial void LettersNotWritable(ILogger logger, string directory, string errorType);

    [LoggerMessage(127, LogLevel.Warning, "{Files} files of dead letters are not this process's to open or to remove; they stay as they are. Give them to the user that it runs as.")]
    public static partial void LettersDenied(ILogger logger, int files);

    [LoggerMessage(128, LogLevel.Warning, "{Entries} entries in a directory of dead letters are named like letter files, but are empty or no files: pipes, sockets, devices, directories or broken links. They are left alone. Remove them.")]
    public static partial void LettersNotFiles(ILogger logger, int entries);

    [LoggerMessage(400, LogLevel.Information, "{Time} {Operation} of digest {Digest} of {Date} in table {Table}: {Outcome}. {Received} received: {Inserted} inserted, {Updated} updated, {Unchanged} unchanged, {Duplicates} duplicates, {Rejected} rejected, {Failed} failed, {Skipped} skipped; {DeadLettered} dead-lettered. {Requests} requests. Caller {Caller}, correlation {CorrelationId}, AWS request ids {AwsRequestIds}")]
    public static partial void StoreAudited(ILogger logger, string time, string operation, string digest, string date, string table, string outcome, int received, int inserted, int updated, int unchanged, int duplicates, int rejected, int failed, int skipped, int deadLettered, int requests, string caller, string correlationId, string awsRequestIds);

    [LoggerMessage(401, LogLevel.Information, "{Time} {Operation} of digest {Digest} of {Date} in table {Table}: {Outcome}. {Items} items. {Requests} requests. Caller {Caller}, correlation {CorrelationId}, AWS request ids {AwsRequestIds}")]
    public static partial void ReadAudited(ILogger logger, string time, string operation, string digest, string date, string table, string outcome, int items, int requests, string caller, string correlationId, string awsRequestIds);

    [LoggerMessage(402, LogLevel.Information, "{Time} {Operation} in digest {Digest} of {Date} in table {Table}: {Outcome}. {Items} items deleted. {Requests} requests. Caller {Caller}, correlation {CorrelationId}, AWS request ids {AwsRequestIds}")]
    public static partial void DeleteAudited(ILogger logger, string time, string operation, string digest, string date, string table, string outcome, int items, int requests, string caller, string correlationId, string awsRequestIds);

    [LoggerMessage(125, LogLevel.Warning, "The progress callback of a store of digest {Digest} of {Date} failed with {ErrorType}. The store is unharmed; more failures of it in this call are not logged. Correlation {CorrelationId}")]
    public static partial void ProgressFailed(ILogger logger, string digest, string date, string errorType, string correlationId);
}
