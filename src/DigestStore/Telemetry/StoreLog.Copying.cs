using DigestStore.Records;
using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// The events of copies.
internal sealed partial class StoreLog
{
    public void CopyDone(DayRange days, string source, DigestCopyResult result) => Guard.Run(logger, result.IsComplete ? LogLevel.Information : LogLevel.Warning, () =>
    {
        int requests = result.SourceCost.Requests + result.TargetCost.Requests;
        if (result.IsComplete)
        {
            LogMessages.CopyDone(
                logger, days.Digest, days.Text, source, days.Table, result.Copied, result.AlreadyEqual, result.Kept, result.Different, result.Failed, result.DatesLeft, result.ItemsCopied, requests, (long)result.Duration.TotalMilliseconds);
        }
        else
        {
            LogMessages.CopyIncomplete(
                logger, days.Digest, days.Text, source, days.Table, result.Copied, result.AlreadyEqual, result.Kept, result.Different, result.Failed, result.DatesLeft, result.ItemsCopied, requests, (long)result.Duration.TotalMilliseconds);
        }
    });
}
