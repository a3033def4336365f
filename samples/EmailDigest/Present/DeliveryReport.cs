namespace EmailDigest.Present;

/// <summary>Says what became of the email, and what a person can do about it.</summary>
internal static class DeliveryReport
{
    public static void Repeat(Report report, DeliveryAttempt attempt)
    {
        if (attempt.IsRepeat)
        {
            report.Warning($"An earlier run may have sent this email, and ended before that was recorded. It is sent again with the same Message-ID, {attempt.MessageId}, so that mail programs can tell.");
        }
    }

    public static void End(Report report, DeliveryResult result)
    {
        string day = result.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string error = EntryText.Clean(result.Error?.Message, 400);
        switch (result.Outcome)
        {
            case DeliveryOutcome.Delivered:
                report.Line(string.Create(CultureInfo.InvariantCulture, $"Recorded as delivered: attempt {result.Attempt}, {Report.Count(result.Requests, "request", "requests")}."));
                break;
            case DeliveryOutcome.DeliveredUnrecorded:
                string later = result.IsDeadLettered ? "The next run that reaches the database records it." : "A later run of the day sends it again, with the same Message-ID.";
                report.Warning($"The email went out, and the database does not know it{(error.Length > 0 ? $": {error}" : ".")} {later}");
                break;
            case DeliveryOutcome.AlreadyDelivered:
                report.Result(string.Create(CultureInfo.InvariantCulture, $"Already delivered at {result.DeliveredAt:yyyy-MM-dd HH:mm:ss} UTC, message id {result.MessageId}. Nothing is sent."));
                break;
            case DeliveryOutcome.HeldByAnother:
                string seconds = Math.Ceiling((result.RetryAfter ?? TimeSpan.Zero).TotalSeconds).ToString(CultureInfo.InvariantCulture);
                report.Warning($"Another run ({result.Owner}) is sending this email, or was killed while it did. Nothing is sent. Run again in {seconds} s, or with --wait {seconds}; if that run is known to be dead: resolve {day} retry --force");
                break;
            case DeliveryOutcome.Abandoned:
                report.Error($"{error} The day is given up. When the cause is mended: resolve {day} retry");
                break;
            case DeliveryOutcome.Uncertain:
                report.Error($"{error} The next run sends it again, with the same Message-ID. If it has arrived: resolve {day} delivered");
                break;
            case DeliveryOutcome.GaveUp:
                report.Error($"The email of {day} is given up. See: status {day}. To try again: resolve {day} retry");
                break;
            case DeliveryOutcome.Failed when error.Length > 0:
                report.Error(error);
                break;
            default:
                report.Error($"The email was not sent. {result}");
                break;
        }

        if (result.IsDelivered && result is { WasAttempted: true, InvalidUrls.Count: > 0 })
        {
            report.Warning($"{Report.Count(result.InvalidUrls.Count, "link", "links")} of the email cannot be remembered as sent, because their addresses are invalid.");
        }
    }
}
