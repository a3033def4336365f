namespace DigestStore.FaultTests.Child;

/// <summary>What the child says to its parent, a line each.</summary>
public static class Signals
{
    public const string Ready = "ready";
    public const string Sent = "sent";
    public const string Answered = "answered";

    /// <summary>Followed by the status and the counts of stored, failed and dead-lettered items.</summary>
    public const string Done = "done";

    /// <summary>Followed by the counts of stored, failed and dead-lettered items.</summary>
    public const string Canceled = "canceled";

    /// <summary>The last word, followed by the number of task exceptions that nobody observed.</summary>
    public const string Unobserved = "unobserved";
}
