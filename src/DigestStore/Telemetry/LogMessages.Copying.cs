using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// The events of copies.
internal static partial class LogMessages
{
    [LoggerMessage(404, LogLevel.Information, "{Time} {Operation} of digest {Digest} of {Date} in table {Table}: {Outcome}. {Items} items. {Requests} requests. Caller {Caller}, correlation {CorrelationId}, AWS request ids {AwsRequestIds}")]
    public static partial void CopyAudited(ILogger logger, string time, string operation, string digest, string date, string table, string outcome, int items, int requests, string caller, string correlationId, string awsRequestIds);

    [LoggerMessage(700, LogLevel.Information, "Copied digest {Digest} of {Date} from table {Source} to table {Table}: {Copied} days copied, {Equal} already equal, {Kept} kept, {Different} different, {Failed} failed, {Left} dates left; {Items} items. {Requests} requests, {Milliseconds} ms.")]
    public static partial void CopyDone(ILogger logger, string digest, string date, string source, string table, int copied, int equal, int kept, int different, int failed, int left, int items, int requests, long milliseconds);

    [LoggerMessage(701, LogLevel.Warning, "Copied digest {Digest} of {Date} from table {Source} to table {Table} in part: {Copied} days copied, {Equal} already equal, {Kept} kept, {Different} different, {Failed} failed, {Left} dates left; {Items} items. {Requests} requests, {Milliseconds} ms. Copy the same range again: it goes on with what is missing.")]
    public static partial void CopyIncomplete(ILogger logger, string digest, string date, string source, string table, int copied, int equal, int kept, int different, int failed, int left, int items, int requests, long milliseconds);
}
