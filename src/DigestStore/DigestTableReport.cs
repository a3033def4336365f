namespace DigestStore;

/// <summary>What <see cref="DigestTableDoctor.InspectAsync"/> found. It can be serialized by <c>System.Text.Json</c>, and be made by hand for tests.</summary>
public sealed record DigestTableReport
{
    /// <summary>The table that was inspected.</summary>
    public required string TableName { get; init; }

    /// <summary>The digest whose records were sampled.</summary>
    public required string Digest { get; init; }

    /// <summary>When the inspection ended, by the clock of this machine.</summary>
    public required DateTimeOffset InspectedAt { get; init; }

    /// <summary>How many requests were sent.</summary>
    public required int Requests { get; init; }

    /// <summary>The read units that they consumed.</summary>
    public required double ReadUnits { get; init; }

    /// <summary>Every check, in the order of <c>docs/doctor.md</c>.</summary>
    public required IReadOnlyList<DigestTableCheck> Checks { get; init; }

    /// <summary>How many checks are <see cref="DigestTableCheckStatus.Problem"/>.</summary>
    public int Problems => Count(DigestTableCheckStatus.Problem);

    /// <summary>How many checks are <see cref="DigestTableCheckStatus.Warning"/>.</summary>
    public int Warnings => Count(DigestTableCheckStatus.Warning);

    /// <summary>How many checks are <see cref="DigestTableCheckStatus.NotKnown"/>.</summary>
    public int NotKnown => Count(DigestTableCheckStatus.NotKnown);

    private int Count(DigestTableCheckStatus status) => Checks.Count(check => check.Status == status);
}
