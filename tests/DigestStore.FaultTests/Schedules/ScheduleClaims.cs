namespace DigestStore.FaultTests;

/// <summary>What the protocol promises, held against what has happened.</summary>
internal sealed class ScheduleClaims(ScheduleProfile profile, ScheduleMonitor monitor, IReadOnlyList<SendRun> runs)
{
    private static readonly TimeSpan LargestDifference = TimeSpan.FromSeconds(120);

    public void JudgeRuns()
    {
        foreach (SendRun run in runs.Where(static run => run.Result is not null))
        {
            Judge(run, run.Result!);
        }
    }

    public void JudgePairs()
    {
        SendRun[] sent = [.. runs.Where(static run => run.SentAt is not null).OrderBy(static run => run.SentAt)];
        for (int second = 1; second < sent.Length; second++)
        {
            for (int first = 0; first < second; first++)
            {
                JudgeRecords(sent[first], sent[second]);
                if (sent[first].Life == sent[second].Life)
                {
                    JudgeSends(sent[first], sent[second]);
                }
            }
        }
    }

    /// <summary>Nothing that may have been mailed is missing, and nothing is certain that was not mailed.</summary>
    public async Task JudgeHistoryAsync(DigestRepository repository, DateOnly day, params IEnumerable<DigestItem> alsoMailed)
    {
        SendRun[] handed = [.. runs.Where(MustBeFound)];
        string[] all = [.. runs.SelectMany(static run => run.Urls).Distinct(StringComparer.Ordinal)];
        SentLookup lookup = await repository.FindSentAsync(day.AddDays(1), all, days: 1);

        // A failure may have become known while the look-up was under way.
        string[] missing = [.. handed.Where(static run => !run.IsFailureKnown).SelectMany(static run => run.Urls).Distinct(StringComparer.Ordinal).Where(url => !lookup.Contains(url))];
        monitor.Expect(missing.Length == 0, $"handed to a delegate and forgotten: {string.Join(", ", missing)}, by {string.Join(" and ", handed.Where(run => run.Urls.Intersect(missing, StringComparer.Ordinal).Any()))}");
        HashSet<string> mailed = [.. runs.Where(static run => run.SentAt is not null).SelectMany(static run => run.Urls), .. alsoMailed.Select(static item => item.Url)];
        string[] invented = [.. lookup.Sent.Where(sent => sent.Value.IsCertain && !mailed.Contains(sent.Key)).Select(static sent => sent.Key)];
        monitor.Expect(invented.Length == 0 || monitor.IsMarkedDelivered, $"certainly sent, and in no email: {string.Join(", ", invented)}");
    }

    private static bool MustBeFound(SendRun run) =>
        run is { HandedAt: not null, IsFailureKnown: false } && (run.IsAnnounced || run.IsRemembered || run.Result is { WasAttempted: true, AreItemsRecorded: true });

    private void Judge(SendRun run, DeliveryResult result)
    {
        if (run.HandedAt is null)
        {
            // Whether the sender wants to repeat an email that may have been accepted is judged as a reason.
            bool isUncertain = result.Outcome is DeliveryOutcome.Skipped or DeliveryOutcome.Uncertain;
            monitor.Expect(run.IsCanceled || isUncertain || result.LeaseOutcome != DeliveryLeaseOutcome.Unprotected, $"{run} has met an outage and was not sent");
            monitor.Expect(run.IsCanceled || IsReason(run, result), $"{run} was not sent, without a reason: {result}");
            return;
        }

        monitor.Expect(result.WasAttempted, $"{run} was handed to its delegate, and the result does not say so: {result}");
        monitor.Expect(!run.IsProtected || run.Attempt!.Number <= profile.MaxAttempts, $"{run} is attempt {run.Attempt!.Number} of {profile.MaxAttempts}");
        monitor.Expect(
            run.SentAt is not null || result.Outcome is not DeliveryOutcome.Delivered and not DeliveryOutcome.DeliveredUnrecorded, $"{run} was not sent, and the result says that it was: {result}");
        monitor.Expect(
            run.IsFailureKnown || result.Outcome is not DeliveryOutcome.Failed and not DeliveryOutcome.Abandoned, $"{run} may have been sent, and the result says that it was not: {result}");
        bool saysRecorded = result is { Outcome: DeliveryOutcome.Delivered, IsStatusRecorded: true };
        monitor.Expect(!saysRecorded || run.CompletedAt is not null || monitor.IsMarkedDelivered, $"{run} is not recorded, and the result says that it is");
    }

    private bool IsReason(SendRun run, DeliveryResult result) => result.Outcome switch
    {
        DeliveryOutcome.AlreadyDelivered => monitor.IsMarkedDelivered || runs.Any(other => other.SentAt <= run.EndedAt),
        DeliveryOutcome.HeldByAnother => IsHeld(run),
        DeliveryOutcome.GaveUp => monitor.MayBeGivenUp,
        DeliveryOutcome.Deleted => monitor.Deletions.Count > 0,
        // No outage is a reason, only a pause in which others had the day, or an operator who ends a live lease.
        DeliveryOutcome.Failed => profile.Forces || run.Clock.WasPausedAround(run.StartedAt, run.EndedAt!.Value),
        DeliveryOutcome.Skipped => run.Options.OnUncertain == UncertainAttempt.Skip && result.IsRepeat,
        DeliveryOutcome.Uncertain => run.Options.OnUncertain == UncertainAttempt.Throw && result.IsRepeat,
        _ => false,
    };

    // Nobody keeps the day for longer than the protocol allows.
    private bool IsHeld(SendRun run)
    {
        TimeSpan longest = profile.LongestHold + LargestDifference;
        return monitor.Deletions.Exists(taken => taken <= run.EndedAt && run.EndedAt - taken < longest) ||
            runs.Any(other => other != run && other.Grants.Concat(other.Revivals).Any(held => held <= run.EndedAt && run.EndedAt - held < longest));
    }

    private void JudgeRecords(SendRun first, SendRun second)
    {
        // The result of a delivery that an operator has recorded meanwhile says that it is recorded, too.
        if (!IsRecorded(first) || !IsRecorded(second) || first.RecordedLife != second.RecordedLife || (monitor.IsMarkedDelivered && (first.CompletedAt is null || second.CompletedAt is null)))
        {
            return;
        }

        // After the header is gone, only the manifest can say that the day is delivered, and only to a sender who can read it.
        (SendRun earlier, SendRun later) = second.CompletedAt < first.CompletedAt ? (second, first) : (first, second);
        bool isForgotten = monitor.HeaderLosses.Exists(loss => loss >= earlier.CompletedAt && loss <= later.CompletedAt) &&
            (!(earlier.ConfirmedAt < later.CompletedAt) || later.Result is { IsHistoryUnread: true });
        monitor.Expect(isForgotten, $"two deliveries are recorded: {earlier} and {later}");
    }

    // A sender that finds the day delivered by another completes the header for that one, and its result does not call it a delivery of its own.
    private static bool IsRecorded(SendRun run) => run.Result is null
        ? run.IsProtected && run.CompletedAt is not null
        : run.IsReplayed || run.Result is { Outcome: DeliveryOutcome.Delivered, IsStatusRecorded: true };

    private void JudgeSends(SendRun first, SendRun second)
    {
        if (!profile.DoClocksAgree || profile.Forces || !first.IsProtected || !second.IsProtected)
        {
            return;
        }

        if (second.GrantedBeforeSend < first.SentAt)
        {
            SendRun late = first.GrantedBeforeSend < second.GrantedBeforeSend ? first : second;
            monitor.Expect(late.WasSentLate, $"{late} was sent after another sender had the lease, and was neither paused nor deaf: {first} at {first.SentAt}, {second} at {second.SentAt}");
            return;
        }

        bool isHeaderLost = monitor.HeaderLosses.Exists(loss => loss >= first.SentAt && loss <= second.SentAt);
        bool isKnown = !isHeaderLost || (first.IsAnnounced && second.Result is { IsHistoryUnread: false });
        monitor.Expect(second.Attempt!.IsRepeat || !isKnown, $"{second} repeats {first} and does not say so");
        monitor.Expect(!(first.CompletedAt < second.GrantedBeforeSend) || isHeaderLost, $"{second} was sent after {first} was recorded");

        // Where the header has expired and the manifest cannot be read, nothing tells the second sender of the first.
        monitor.Expect(!IsUndisturbed(first) || !isKnown, $"{second} was sent although nothing had happened to {first}");
        monitor.Expect(
            isHeaderLost || string.Equals(first.Attempt!.MessageId, second.Attempt.MessageId, StringComparison.Ordinal) || RepeatsOneBefore(first, second),
            $"{second} has the message id {second.Attempt.MessageId}, and {first} had {first.Attempt!.MessageId}");
    }

    // Two emails with different ids may both have been accepted, because the first one's header was lost before the next was sent. Only one of the
    // two can be repeated.
    private bool RepeatsOneBefore(SendRun first, SendRun second) => runs.Any(earlier =>
        earlier.SentAt < first.SentAt && string.Equals(earlier.Attempt!.MessageId, second.Attempt!.MessageId, StringComparison.Ordinal) &&
        monitor.HeaderLosses.Exists(loss => loss >= earlier.SentAt && loss <= first.SentAt));

    private static bool IsUndisturbed(SendRun run) =>
        !run.IsHarmed && !run.IsCanceled && !run.Clock.IsCrashed && run.Plan is { HeedsToken: true, LosesReceipt: false, CrashesAfter: false } &&
        run.Plan.PauseBefore == TimeSpan.Zero && run.Plan.TimeAfter == TimeSpan.Zero;
}
