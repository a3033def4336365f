namespace DigestStore;

/// <summary>One check of <see cref="DigestTableDoctor"/>. The texts are for people and may change; <see cref="Name"/> does not.</summary>
public sealed record DigestTableCheck
{
    /// <summary>The name, such as <c>point-in-time-recovery</c>; the list is in <c>docs/doctor.md</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How it ended.</summary>
    public required DigestTableCheckStatus Status { get; init; }

    /// <summary>What was found. It names keys, dates and settings, and never the content of an item.</summary>
    public required string Finding { get; init; }

    /// <summary>Why it matters.</summary>
    public required string Why { get; init; }

    /// <summary>How to correct it, where possible as a command; <see langword="null"/> when there is nothing to correct.</summary>
    public string? Remedy { get; init; }
}
