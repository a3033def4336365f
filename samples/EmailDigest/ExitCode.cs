namespace EmailDigest;

/// <summary>The email decides: a database that is down is a warning, not a failure. 130 is 128 + SIGINT, as shells have it.</summary>
internal static class ExitCode
{
    public const int EmailSent = 0;
    public const int Done = 0;
    public const int TableHasNoProblem = 0;
    public const int EmailNotSent = 1;
    public const int NotDone = 1;
    public const int TableHasProblems = 1;
    public const int WrongArguments = 2;
    public const int NothingToSend = 3;
    public const int HeldByAnother = 4;
    public const int Stopped = 130;

    public static int Of(DeliveryResult result) => result.IsDelivered ? EmailSent : result.Outcome == DeliveryOutcome.HeldByAnother ? HeldByAnother : EmailNotSent;
}
