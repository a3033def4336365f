namespace DigestStore.FaultTests.Child;

/// <summary>What the child says to its parent, a line each.</summary>
public static class Signals
{
    public const string Ready = "ready";
    public const string Sent = "sent";
    public const string Answered = "answered";

    /// <summary>Followed by the status.</summary>
    public const string Done = "done";

    /// <summary>Followed by the counts of stored, failed and dead-lettered items.</summary>
    public const string Canceled = "canceled";
}
