namespace DigestStore.InfrastructureTests.Monitoring;

/// <summary>When an alarm changed its state.</summary>
internal static class AlarmTimeline
{
    /// <summary>The state at the beginning and every change of it until the end, as often as the alarm has a new period.</summary>
    public static IReadOnlyList<(DateTimeOffset At, AlarmState State)> Of(Alarm alarm, MetricArchive archive, DateTimeOffset start, DateTimeOffset end)
    {
        List<(DateTimeOffset At, AlarmState State)> changes = [];
        for (DateTimeOffset at = start; at <= end; at += alarm.Period)
        {
            AlarmState state = alarm.StateAt(at, archive);
            if (changes.Count == 0 || changes[^1].State != state)
            {
                changes.Add((at, state));
            }
        }

        return changes;
    }
}
