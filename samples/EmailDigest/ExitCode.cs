namespace EmailDigest;

/// <summary>The email decides: a database that is down is a warning, not a failure. 130 is 128 + SIGINT, as shells have it.</summary>
internal static class ExitCode
{
    public const int EmailWritten = 0;
    public const int TableHasNoProblem = 0;
    public const int EmailNotWritten = 1;
    public const int TableHasProblems = 1;
    public const int WrongArguments = 2;
    public const int NothingToSend = 3;
    public const int Stopped = 130;
}
